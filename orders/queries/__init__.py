"""What is asked about orders."""
