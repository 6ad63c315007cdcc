"""Measures the engine: `make bench`. Nothing here is a test, and no test asserts a time."""
