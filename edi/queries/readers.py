"""Whose business EDI is."""

from __future__ import annotations

from distportal.accounts.choices import StaffGroup

WORKERS: frozenset[str] = frozenset({StaffGroup.AGENT, StaffGroup.OPERATOR})
"""Who sends, processes again, agrees with partners, and prints labels."""
READERS: frozenset[str] = WORKERS | {StaffGroup.FINANCE}
"""Who reads documents, files and partners: 810, 812 and 820 are finance's papers."""
