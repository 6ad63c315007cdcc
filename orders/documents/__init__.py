"""Papers for dealers, drawn from what was recorded."""
