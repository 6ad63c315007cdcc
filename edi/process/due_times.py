"""When a thing is due, and what it costs if it does not leave: plain arithmetic."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

_SATURDAY = 5
CENT = Decimal("0.01")


def moment_due(start: dt.datetime, hours: Decimal, *, business_days: bool) -> dt.datetime:
    """The moment `hours` after an aware start (before it, if negative); with `business_days` the hours of Saturdays and
    Sundays do not count, by the start's own time zone.
    """
    left = dt.timedelta(seconds=float(hours * 3600))
    if not business_days:
        return start + left
    back = left < dt.timedelta(0)
    return _over_weekends(start, abs(left), back=back)


def _over_weekends(start: dt.datetime, left: dt.timedelta, *, back: bool) -> dt.datetime:
    """Walks day by day: what is left of each working day is used up, weekends are stepped over."""
    now = start
    while True:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if back and midnight == now:
            midnight -= dt.timedelta(days=1)
        edge = midnight if back else midnight + dt.timedelta(days=1)
        working = (midnight if back else now).weekday() < _SATURDAY
        room = abs(edge - now)
        if working and left <= room:
            return now - left if back else now + left
        left -= room if working else dt.timedelta(0)
        now = edge


def fee_of(*, kind: str, amount: Decimal, minimum: Decimal, total: Decimal, cartons: int) -> Decimal:
    """What a missed deadline costs, in cents: flat, per cent of `total` or per carton, never below the minimum."""
    if kind == "none":
        return Decimal(0)
    raw = {"flat": amount, "percent": total * amount / 100, "per_carton": amount * cartons}[kind]
    return max(raw, minimum).quantize(CENT)
