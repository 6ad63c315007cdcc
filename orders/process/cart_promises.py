"""When each line of a cart would leave: the same sourcing that the order itself will hold its stock by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from distportal.canonical.base import plain
from inventory.queries.sourcing import Part, Sourcing
from orders.process.rules import Facts, LineFacts


def promised_parts(facts: Facts) -> dict[str, tuple[Part, ...]]:
    """Line number -> the parts it comes in, in base units; lines of one item see what those before them take. Nothing
    is looked up: the facts hold the stock that was read with them.
    """
    stocks: dict[int, Sourcing] = {}
    found: dict[str, tuple[Part, ...]] = {}
    for fact in facts.lines:
        if fact.item is None or fact.base_quantity is None or fact.base_quantity <= 0 or fact.availability is None:
            continue
        stock = stocks.setdefault(fact.item.pk, Sourcing(fact.availability.by_warehouse))
        found[fact.line.line_no] = _taken(stock, fact, facts)
    return found


def _taken(stock: Sourcing, fact: LineFacts, facts: Facts) -> tuple[Part, ...]:
    base = fact.base_quantity or Decimal(0)
    size = base / fact.line.quantity
    return stock.take(
        base,
        multiple=size,
        wanted_on=fact.line.requested_on or facts.order.requested_on,
        split=facts.split,
        least=facts.least_part * size,
    )


def last_day(parts: Sequence[Part]) -> dt.date | None:
    """When all of it can have left; None where no day is known for some of it."""
    days = [part.on for part in parts]
    return None if not days or None in days else max(day for day in days if day is not None)


def promise_key(parts: Sequence[Part]) -> str:
    """The promise in a few characters, such as `24@now+24@2026-12-05`: two that read alike promise the same."""
    return "+".join(f"{plain(part.quantity)}@{_day(part)}" for part in parts)


def _day(part: Part) -> str:
    if part.on is None:
        return "open"
    return "now" if part.due_on is None else part.on.isoformat()
