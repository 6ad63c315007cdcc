"""The portal under faults: what must hold whatever breaks, and the means to break things."""
