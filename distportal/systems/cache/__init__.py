"""Cached reads of another system: Redis in front, PostgreSQL behind, the other system asked by workers only."""
