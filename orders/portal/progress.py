"""How far an order is, in the five steps a dealer thinks in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from orders.choices import OrderStatus
from orders.models import Order

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


def progress_of(order: Order) -> list[ProgressStep]:
    """Placed, accepted, confirmed, shipped, billed: done, at work, or to come."""
    shipments, invoices = list(order.shipments.all()), list(order.invoices.all())
    whens = [
        order.placed_at,
        order.accepted_at,
        order.confirmed_at,
        shipments[-1].shipped_at if shipments else None,
        invoices[0].recorded_at if invoices else None,
    ]
    reached = 5 if invoices and order.status == OrderStatus.SHIPPED else REACHED[OrderStatus(order.status)]
    live = order.status not in OrderStatus.DEAD
    labels = ("Placed", "Accepted", "Confirmed", "Shipped", "Billed")
    return [
        ProgressStep(label=label, at=at, state="done" if n < reached else "now" if n == reached and live else "")
        for n, (label, at) in enumerate(zip(labels, whens, strict=True))
    ]
