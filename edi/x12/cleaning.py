"""Makes any text safe for an X12 element: X12 has no escape, so a delimiter in data would break the interchange."""

from __future__ import annotations

import unicodedata

from edi.x12.tokens import COMPONENT, Delimiters

_SPELLED = {
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "œ": "oe",
    "Œ": "OE",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "…": "...",
    "€": "EUR",
    "£": "GBP",
    "×": "x",
    "°": " deg",
    "™": "(TM)",
    "®": "(R)",
    "©": "(C)",
    "\u00a0": " ",
    "`": "'",
    "^": " ",
}
"""Spelled out before accents are dropped; ^ and the backtick are not in the character set of 004010."""
_TABLE = str.maketrans(_SPELLED)


def clean_value(value: str, delimiters: Delimiters, *, replacement: str = " ") -> str:
    """The value in the characters every partner takes: accents dropped, other scripts `?`, no control characters.

    Each delimiter becomes `replacement`; trailing blanks go, X12 forbids them. Components marked with COMPONENT stay.
    """
    parts = [_clean_part(part, delimiters, replacement) for part in value.split(COMPONENT)]
    return COMPONENT.join(parts).rstrip(COMPONENT)


def _clean_part(value: str, delimiters: Delimiters, replacement: str) -> str:
    if not value.isascii() or "^" in value or "`" in value:
        value = unicodedata.normalize("NFKD", value.translate(_TABLE))
        value = "".join(c for c in value if not unicodedata.combining(c))
        value = "".join(c if c.isascii() else "?" for c in value)
    value = "".join(" " if c in "\t\r\n" else c for c in value if c >= " " or c in "\t\r\n").replace("\x7f", "")
    for delimiter in (delimiters.element, delimiters.component, delimiters.segment, delimiters.repetition):
        if delimiter:
            value = value.replace(delimiter, replacement)
    return value.rstrip(" ")
