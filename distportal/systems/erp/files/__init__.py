"""What all file adapters share: a folder, its state, orders written once, an inbox that is read once."""
