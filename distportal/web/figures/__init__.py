"""Pages of key figures: all of them, one explained, and the rows behind it."""
