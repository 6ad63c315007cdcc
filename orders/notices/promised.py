"""What was promised of an order's lines, in the words of a mail."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from distportal.common.prepared import PreparedRows
from orders.models import Order, OrderLine
from orders.notices.reading import day
from orders.queries.promises import LinePromise, promises_of

MOST_LINES = 5
_LINES = PreparedRows(lambda pk: OrderLine.objects.filter(order=pk).select_related("item").order_by("pk"))
_UNKNOWN = ", " + gettext_noop("no date yet")
"""A part of a list by itself, so that it is said again in the reader's language."""


def promised_words(order: Order) -> str:
    """`ELE-20002: 8 EA 27 Nov 2026, 4 EA, no date yet` by line, in base units; of many lines the five that come last.

    Empty where nothing was promised.
    """
    known = promises_of(_LINES(order.pk))
    told = sorted((one for one in known if one.log.now.parts), key=_waits, reverse=True)
    return "; ".join(_line(one) for one in told[:MOST_LINES])


def _waits(promise: LinePromise) -> str:
    on = promise.log.now.promised_on
    return on.isoformat() if on else "9999"


def _line(promise: LinePromise) -> str:
    item = promise.line.item
    name, unit = (item.sku, item.base_unit) if item else (f"{promise.line.line_no}", "")
    parts = ", ".join(
        f"{part.quantity.normalize():f} {unit}{f' {day(part.on)}' if part.on else _UNKNOWN}"
        for part in promise.log.now.parts
    )
    return f"{name}: {parts}"
