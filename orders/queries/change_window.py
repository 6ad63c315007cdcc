"""Whether an order can still be changed by its dealer, until when, and if not, why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders.choices import ChangeStatus, LineStatus, OrderStatus
from orders.models import ChangeRequest, Order, OrderLine

_ENDED = (LineStatus.REJECTED, LineStatus.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWindow:
    """What may become of one line: its quantity may go down to `least`; `why_not` says why nothing may."""

    line: OrderLine
    least: Decimal
    why_not: str = ""

    @property
    def open(self) -> bool:
        """Whether anything of the line can still be changed."""
        return not self.why_not


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWindow:
    """Whether anything of the order can be changed now; the sentence says until when, or why not."""

    open: bool
    sentence: str
    lines: tuple[LineWindow, ...] = ()


def change_window(order: Order, lines: Sequence[OrderLine]) -> ChangeWindow:
    """The window of an order with all of its lines; one query for what is being decided already."""
    closed = _why_closed(order)
    rows = tuple(_line_window(line, closed) for line in lines)
    if not closed and not any(row.open for row in rows):
        closed = _("Everything that was not cancelled has left. A change is not possible any more.")
    if closed:
        return ChangeWindow(open=False, sentence=closed, lines=rows)
    return ChangeWindow(open=True, sentence=_until(order, lines), lines=rows)


def _why_closed(order: Order) -> str:
    if order.status == OrderStatus.SHIPPED:
        return _("Everything has left. A change is not possible any more; goods can be returned.")
    if order.status == OrderStatus.CANCELLED:
        return _("The order was cancelled. Nothing of it can be changed.")
    if order.status == OrderStatus.REJECTED:
        return _("The order was rejected. Nothing of it can be changed; please place a new one.")
    return ""


def _line_window(line: OrderLine, closed: str) -> LineWindow:
    why = closed
    if not why and line.status == LineStatus.CANCELLED:
        why = _("cancelled before")
    elif not why and line.status == LineStatus.REJECTED:
        why = _("not taken")
    elif not why and line.shipped_quantity >= line.quantity:
        why = _("has left already")
    return LineWindow(line=line, least=line.shipped_quantity, why_not=why)


def _until(order: Order, lines: Sequence[OrderLine]) -> str:
    if ChangeRequest.objects.filter(order=order, status__in=ChangeStatus.OPEN).exists():
        return _("An earlier change is being decided. You can ask for another one; it is decided after that.")
    if order.status == OrderStatus.HELD:
        return _("The order has not been passed on yet: a change is made at once.")
    if order.status == OrderStatus.PART_SHIPPED:
        return _("Part of it has left. What has not left can still be changed; the warehouse has the last word.")
    days = [line.promised_on for line in lines if line.promised_on and line.status not in _ENDED]
    first = min((day for day in days if day >= timezone.localdate()), default=None)
    if first is None:
        return _("You can change or cancel until it leaves the warehouse; the warehouse has the last word.")
    return _("You can change or cancel until it leaves, planned for %(day)s; the warehouse has the last word.") % {
        "day": _day(first)
    }


def _day(day: dt.date) -> str:
    return date_format(day, "j M Y")
