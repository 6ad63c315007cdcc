"""Units of measure by X12 element 355, and what a pack holds: exact, and rounded only where a caller says which way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from math import lcm

from distportal.common.errors import Invalid

NAMES = {
    "EA": "each", "CA": "case", "CT": "carton", "BX": "box", "PK": "pack", "DZ": "dozen", "PR": "pair",
    "ST": "set", "RL": "roll", "PL": "pallet", "BG": "bag", "PC": "piece", "UN": "unit", "LB": "pound", "FT": "foot",
}  # fmt: skip

MEASURED = frozenset({"LB", "FT"})
"""Units of which a part can be sold; everything else is counted in whole ones."""
SMALLEST = Decimal("0.001")
"""The least part of a measured unit, and the finest that any quantity is kept."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One level of packing: what one of it holds in base units, the barcode it bears, and whether it is sold so."""

    unit: str
    size: Decimal
    barcode: str = ""
    sold: bool = True

    @property
    def name(self) -> str:
        """`case`, or the code where it has no name."""
        return NAMES.get(self.unit, self.unit)


def to_base(quantity: Decimal, *, unit: str, packs: Sequence[Pack]) -> Decimal:
    """The quantity in the item's base unit, exactly; raises Invalid (code data `unit`) for a unit it does not have."""
    for pack in packs:
        if pack.unit == unit:
            return quantity * pack.size
    known = ", ".join(f"{pack.unit} of {pack.size.normalize():f}" if pack.size != 1 else pack.unit for pack in packs)
    raise Invalid(f"unit {unit} is not one of this item ({known})", unit=unit)


@lru_cache(maxsize=4096)
def common_step(*sizes: Decimal) -> Decimal:
    """The least quantity that is a whole multiple of each size; sizes have at most three decimals."""
    return Decimal(lcm(*(int(size / SMALLEST) for size in sizes))) * SMALLEST


def stepped(quantity: Decimal, *, step: Decimal, up: bool) -> Decimal:
    """The next whole multiple of the step, above or below."""
    whole = (quantity / step).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return whole * step
