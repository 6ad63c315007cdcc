"""Outages that many cases come of: found, followed and ended by what is seen, without a person."""
