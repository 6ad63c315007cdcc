"""Commands of inventory, by name."""
