"""Text for PDFs that are drawn with the built-in fonts."""

from __future__ import annotations


def latin(text: str) -> str:
    """What the built-in fonts can show; any other letter becomes a question mark, never a wrong one."""
    return text.replace("\u2212", "-").encode("latin-1", "replace").decode("latin-1")
