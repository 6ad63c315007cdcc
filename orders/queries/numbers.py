"""Order and PO numbers in what people and systems write."""

from __future__ import annotations

MOST_DIGITS = 18
"""What the column holds, whatever the digits are."""


def order_digits(text: str) -> str:
    """The digits of `SO-1042`, `so-1042` or `1042`; empty where it is no order number."""
    digits = text.upper().removeprefix("SO-").strip()
    return digits if digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS else ""


def normalise_po(po_number: str) -> str:
    """The PO number as it is compared: capitals, letters and digits only."""
    return "".join(c for c in po_number.upper() if c.isalnum())
