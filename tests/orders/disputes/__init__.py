"""Disputes from claim to booked credit, and back."""
