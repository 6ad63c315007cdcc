"""What it costs if a thing does not leave in time: plain arithmetic."""

from __future__ import annotations

from decimal import Decimal

CENT = Decimal("0.01")


def fee_of(*, kind: str, amount: Decimal, minimum: Decimal, total: Decimal, cartons: int) -> Decimal:
    """What a missed deadline costs, in cents: flat, per cent of `total` or per carton, never below the minimum."""
    if kind == "none":
        return Decimal(0)
    raw = {"flat": amount, "percent": total * amount / 100, "per_carton": amount * cartons}[kind]
    return max(raw, minimum).quantize(CENT)
