"""The business events of orders, built in one place so that their payloads are alike."""

from __future__ import annotations

from typing import Any

from distportal.events.base import Event
from distportal.events.outbox import publish
from orders.models import Order


def publish_order_fact(order: Order, what: str, **more: Any) -> None:
    """`order.accepted` and its like, numbered in the order's own stream."""
    publish(order_fact(order, what, **more))


def order_fact(order: Order, what: str, **more: Any) -> Event:
    """The event, to be published with others."""
    payload = {
        "order": str(order.pk),
        "number": str(order),
        "account": order.account.code,
        "po": order.po_number,
        **more,
    }
    return Event(type=what, aggregate_type="order", aggregate_id=str(order.pk), payload=payload)
