"""When the lines of an order leave, as its buyer chose: what the promises and the ERP are told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_noop

from inventory.process.promises import Promised, PromisedPart, record_promises
from inventory.queries.promises import promise_logs
from orders.choices import LineShipping
from orders.models import Order, OrderLine

_TOGETHER = gettext_noop("leaves with the rest of the order")


def shipping_note(order: Order, lines: Sequence[OrderLine]) -> str:
    """The choice in words, for an ERP that has no field for it; empty where goods leave as they are there."""
    if order.ship_complete:
        return "Ship complete."
    held = [line.line_no for line in lines if line.shipping == LineShipping.REST]
    return f"Ship with the rest of the order: line {', '.join(held)}." if held else ""


def waits_for_rest(order: Order, line: OrderLine) -> bool:
    """Whether the line leaves only with all others."""
    return order.ship_complete or line.shipping == LineShipping.REST


def together(order: Order, lines: Sequence[OrderLine], promises: Sequence[Promised]) -> list[Promised]:
    """The promises, those of lines that wait for the rest for the day on which the last line can leave; None as long as
    one has no day. `lines` are those of the promises, in their order.
    """
    if not any(waits_for_rest(order, line) for line in lines):
        return list(promises)
    # What was brought to another line's day before has no day of its own here.
    days = [part.on for promised in promises for part in promised.parts if part.why != _TOGETHER]
    last = None if None in days else max((day for day in days if day), default=None)
    return [
        _on(promised, last) if waits_for_rest(order, line) else promised
        for line, promised in zip(lines, promises, strict=True)
    ]


def _on(promised: Promised, day: dt.date | None) -> Promised:
    parts = [part if part.on == day else replace(part, on=day, why=_TOGETHER) for part in promised.parts]
    return replace(promised, parts=tuple(parts))


def keep_together(order: Order, *, by: str, reason: str) -> list[OrderLine]:
    """The lines that leave on another day now because another line does; the caller holds the order's lock and has
    promised that line anew.
    """
    lines = [line for line in order.lines.select_related("item") if line.open_quantity]
    if not any(waits_for_rest(order, line) for line in lines):
        return []
    logs = promise_logs(demand_refs=[line.demand_ref for line in lines])
    told = [line for line in lines if line.demand_ref in logs]
    now = [
        Promised(
            ref=line.demand_ref,
            parts=tuple(
                PromisedPart(quantity=part.quantity, on=part.on, warehouse=part.warehouse, why=part.why)
                for part in logs[line.demand_ref].now.parts
            ),
        )
        for line in told
    ]
    moved = [(line, new) for line, old, new in zip(told, now, together(order, told, now), strict=True) if new != old]
    record_promises(promises=[new for _, new in moved], by=by, reason=reason)
    return [line for line, _ in moved]
