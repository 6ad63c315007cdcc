"""Who sets partners up."""

from __future__ import annotations

OPERATORS = ("operator",)
