"""Dead letters: tried again in one of two ways, left undone, and settled by what comes of it."""
