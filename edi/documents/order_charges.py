"""SAC: allowances and charges of an order or a line (X12 SAC)."""

from __future__ import annotations

from decimal import Decimal

from distportal.canonical.parts import Charge
from edi.documents.values import Reader
from edi.x12.tokens import Segment

_LESS = frozenset({"A", "R", "P"})
"""SAC01 (X12 element 248): allowance, allowance request, promotion: money off."""
_NEITHER = "N"


def charge_of(reader: Reader, segment: Segment, position: int) -> Charge | None:
    """The charge, an allowance below zero; None for SAC01 N, which says that there is none."""
    if segment.get(1).strip() == _NEITHER:
        return None
    sign = -1 if segment.get(1).strip() in _LESS else 1
    amount = reader.cents(segment, position, 5, "amount")
    percent = reader.number(segment, position, 7, "percentage")
    rate = reader.number(segment, position, 8, "rate")
    return Charge(
        code=(segment.get(2) or segment.get(4)).strip(),
        amount=sign * abs(amount or Decimal(0)),
        description=segment.get(15).strip(),
        percent=None if percent is None else sign * abs(percent),
        rate=None if rate is None else sign * abs(rate),
        method=segment.get(12).strip(),
    )
