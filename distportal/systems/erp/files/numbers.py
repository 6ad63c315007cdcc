"""Numbers out of other people's files: plain digits of a sane length, nothing that Decimal takes besides."""

from __future__ import annotations

import re
from decimal import Decimal

_PLAIN = re.compile(r"[+-]?(\d{1,15}(\.\d{0,12})?|\.\d{1,12})")


def number(text: str) -> Decimal:
    """The number; its sign may stand behind, as old systems write it. Raises ValueError for anything else."""
    sign_first = f"-{text[:-1].strip()}" if text.endswith("-") else text
    if not _PLAIN.fullmatch(sign_first) or not text.isascii():
        raise ValueError(f"{text[:40]!r} is no number")
    return Decimal(sign_first)
