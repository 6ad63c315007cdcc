"""What EDI asks of its own rows and of those of lower apps."""
