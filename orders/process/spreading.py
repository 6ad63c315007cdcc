"""An amount over several places, exact to the cent and nowhere more than fits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from distportal.common.money import to_cents


def spread(amount: Decimal, room: Sequence[Decimal]) -> list[Decimal]:
    """A share for each place in proportion to its room, at most its room, in cents; together the amount, or all room
    where that is less.
    """
    whole = sum(room, Decimal(0))
    amount = min(amount, whole)
    parts: list[Decimal] = []
    for most in room:
        share = to_cents(amount * most / whole) if whole else Decimal(0)
        parts.append(min(share, most, amount - sum(parts, Decimal(0))))
    left = amount - sum(parts, Decimal(0))
    for at, most in enumerate(room):  # cents that rounding left over
        more = min(left, most - parts[at])
        parts[at], left = parts[at] + more, left - more
    return parts
