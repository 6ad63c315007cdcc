"""The version that a form was filled in for."""

from __future__ import annotations

from collections.abc import Mapping


def version_of(form: Mapping[str, str], name: str = "version") -> int:
    """The number; 0, which no row has, for anything else."""
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
