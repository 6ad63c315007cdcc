"""Lines whose buyer wants only what is there now: what is short of them is taken off before anything is promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from distportal.canonical.orders import OrderLine
from inventory.queries.availability import Availability
from inventory.queries.sourcing import Sourcing
from orders.process.policy import Policies
from orders.process.split import least_part, split_of

if TYPE_CHECKING:
    from inventory.models import Item

DROP = "drop"
Wanted = tuple[OrderLine, "Item | None", Decimal | None]


def dropped_short(
    wanted: Sequence[Wanted], stock: Mapping[int, Availability], policies: Policies, *, wanted_on: dt.date | None
) -> dict[int, dict[str, Any]]:
    """By the place of a line in the order: its line and base quantity without what is short, and how much is dropped of
    it, in its unit. A line of which nothing is there keeps its quantity; all of that is dropped then. Lines of one item
    see what those before them take; `wanted_on` is the day of those that have none of their own.
    """
    if not any(line.shipping == DROP for line, _, _ in wanted):
        return {}
    found: dict[int, dict[str, Any]] = {}
    stocks: dict[int, Sourcing] = {}
    for place, (line, item, base) in enumerate(wanted):
        if item is None or base is None or base <= 0 or item.pk not in stock:
            continue
        free = stocks.setdefault(item.pk, Sourcing(stock[item.pk].by_warehouse))
        size = base / line.quantity
        now = _now(free, line.requested_on or wanted_on, base, size, policies)
        if line.shipping == DROP and now < base:
            left = now / size
            found[place] = {"dropped": line.quantity - left}
            if left > 0:
                found[place] |= {"line": replace(line, quantity=left), "base": now}
    return found


def _now(free: Sourcing, wanted_on: dt.date | None, base: Decimal, size: Decimal, policies: Policies) -> Decimal:
    least = least_part(policies) * size
    parts = free.take(base, multiple=size, wanted_on=wanted_on, split=split_of(policies), least=least)
    return sum((part.quantity for part in parts if part.on and part.due_on is None), Decimal(0))
