"""The fast way: maps compiled once into tables and patterns that prove a set clean, or leave it to pyx12."""
