"""What the page after submitting a cart says: the numbers, what was promised, and what happens next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from distportal.accounts.models import User
from orders.choices import FindingAction, OrderStatus
from orders.models import Draft, Order, OrderFinding, OrderLine
from orders.portal.mail_copies import mail_copies
from orders.process.foreseeing import said
from orders.process.submitting import orders_of
from orders.queries.promises import LinePromise, promises_of


def placed_context(draft: Draft, reader: User, *, addresses: bool) -> dict[str, Any]:
    """In a fixed number of queries, however many orders the cart became. With `addresses` the reader may see those of
    all who get mail.
    """
    orders = orders_of(draft)
    rows = OrderLine.objects.filter(order__in=orders).select_related("order", "item", "order__ship_to")
    lines = list(rows.order_by("order__number", "position"))
    promises = {one.line.pk: one for one in promises_of(lines)}
    held = [order for order in orders if order.status == OrderStatus.HELD]
    return {
        "draft": draft,
        "orders": orders,
        "rows": [{"line": line, "parts": _parts(promises.get(line.pk))} for line in lines],
        "held": held,
        "why": _why(held),
        "leaves_on": _last_day(lines, promises),
        "copies": mail_copies(orders[0], reader, addresses=addresses) if orders else [],
    }


def _parts(promise: LinePromise | None) -> Sequence[Any]:
    return promise.log.now.parts if promise else ()


def _why(held: Sequence[Order]) -> str:
    rows = OrderFinding.objects.filter(order__in=held, action=FindingAction.HOLD).order_by("id")
    return ", ".join(dict.fromkeys(said(code) for code in rows.values_list("code", flat=True)))


def _last_day(lines: Sequence[OrderLine], promises: dict[Any, LinePromise]) -> dt.date | None:
    """When the last of what is promised leaves; None as long as a line has no day."""
    days = [promises[line.pk].log.now.promised_on if line.pk in promises else None for line in lines]
    return None if not days or None in days else max(day for day in days if day)
