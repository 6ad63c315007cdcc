"""Units of measure by X12 element 355, and what a pack holds."""

from __future__ import annotations

from decimal import Decimal

from distportal.common.errors import Invalid

NAMES = {
    "EA": "each", "CA": "case", "CT": "carton", "BX": "box", "PK": "pack", "DZ": "dozen", "PR": "pair",
    "ST": "set", "RL": "roll", "PL": "pallet", "BG": "bag", "PC": "piece", "UN": "unit", "LB": "pound", "FT": "foot",
}  # fmt: skip

MEASURED = frozenset({"LB", "FT"})
"""Units of which a part can be sold; everything else is counted in whole ones."""


def to_base(quantity: Decimal, *, unit: str, base_unit: str, pack_unit: str, pack_size: Decimal) -> Decimal:
    """The quantity in the item's base unit; raises Invalid (code data `unit`) for a unit the item is not sold in."""
    if unit == base_unit:
        return quantity
    if unit == pack_unit:
        return quantity * pack_size
    raise Invalid(f"unit {unit} is not one this item is sold in ({base_unit}, {pack_unit} of {pack_size})", unit=unit)
