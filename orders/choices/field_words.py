"""The fields of an order that can be corrected, as people read them."""

from __future__ import annotations


def told_field(name: str) -> str:
    """`line.3.unit_price` is “line 3, unit price”, and a `sku` is an item."""
    parts = name.split(".")
    word = "item" if parts[-1] == "sku" else parts[-1].replace("_", " ")
    return f"line {parts[1]}, {word}" if len(parts) == 3 else word
