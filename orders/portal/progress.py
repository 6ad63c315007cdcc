"""How far an order is, in the five steps a dealer thinks in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from distportal.web.speaking import reader_zone
from orders.choices import LineStatus, OrderStatus
from orders.models import Invoice, Order, OrderLine, Shipment

REACHED = {
    OrderStatus.RECEIVED: 1, OrderStatus.HELD: 1, OrderStatus.ACCEPTED: 2, OrderStatus.CONFIRMED: 3,
    OrderStatus.PART_SHIPPED: 3, OrderStatus.SHIPPED: 4, OrderStatus.REJECTED: 1, OrderStatus.CANCELLED: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressStep:
    """One step; `state` is done, now, or empty for what is to come."""

    label: str
    state: str
    at: dt.datetime | None = None


def progress_of(order: Order, shipments: Sequence[Shipment], invoices: Sequence[Invoice]) -> list[ProgressStep]:
    """Placed, accepted, confirmed, shipped, billed: done, at work, or to come."""
    reached = 5 if invoices and order.status == OrderStatus.SHIPPED else REACHED[OrderStatus(order.status)]
    whens = [
        order.placed_at,
        order.accepted_at if reached > 1 else None,  # a change of an accepted order may be held
        order.confirmed_at,
        shipments[-1].shipped_at if shipments else None,
        invoices[0].recorded_at if invoices else None,
    ]
    live = order.status not in OrderStatus.DEAD
    labels = (_("Placed"), _("Accepted"), _("Confirmed"), _("Shipped"), _("Billed"))
    return [
        ProgressStep(label=label, at=at, state="done" if n < reached else "now" if n == reached and live else "")
        for n, (label, at) in enumerate(zip(labels, whens, strict=True))
    ]


def sentence_of(order: Order, lines: Sequence[OrderLine], shipments: Sequence[Shipment]) -> str:
    """Where the order is, in a sentence with a date."""
    last = shipments[-1].shipped_at if shipments else None
    if order.status == OrderStatus.CANCELLED:
        return _("Cancelled. Nothing of it will be sent or billed.")
    if order.status == OrderStatus.REJECTED:
        return _("Not taken. Nothing of it will be sent or billed.")
    if order.status == OrderStatus.HELD:
        return _("Waits for an answer since %(day)s; nothing is sent before.") % {"day": _day(order.placed_at)}
    if order.status == OrderStatus.SHIPPED and last:
        arrived = [one.delivered_at for one in shipments if one.delivered_at]
        if len(arrived) == len(shipments):
            return _("All of it was delivered, the last on %(day)s.") % {"day": _day(max(arrived))}
        return _("All of it has left, the last on %(day)s.") % {"day": _day(last)}
    return _on_its_way(lines, last)


def _on_its_way(lines: Sequence[OrderLine], last: dt.datetime | None) -> str:
    owed = [line for line in lines if line.open_quantity and line.status != LineStatus.HELD]
    days = [line.promised_on for line in owed if line.promised_on]
    standing = [line for line in lines if line.status not in (LineStatus.REJECTED, LineStatus.CANCELLED)]
    told = {"open": len(owed), "all": len(standing), "day": _day(max(days)) if days else ""}
    if last is None:
        return (
            _("Nothing has left yet; the last line is promised for %(day)s.") % told
            if days
            else _("Nothing has left yet, and there is no date for it so far.")
        )
    if days:
        return _("Partly shipped: %(open)s of %(all)s lines are still to come, the last by %(day)s.") % told
    return _("Partly shipped: %(open)s of %(all)s lines are still to come, without a date so far.") % told


def _day(day: dt.date) -> str:
    """The day as the reader's clock has it: late in Chicago it is tomorrow in UTC."""
    return date_format(localtime(day, reader_zone()) if isinstance(day, dt.datetime) else day, "j M Y")
