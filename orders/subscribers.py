"""What of an order's life warehouses have to hear of."""

from __future__ import annotations

from uuid import UUID

from distportal.events.base import Delivered
from distportal.events.registry import subscribe
from orders.process.releasing import plan_releases


@subscribe("order.confirmed", "order.changed", "order.cancelled", destination="orders.warehouses", strict=True)
def plan_order_releases(event: Delivered) -> None:
    """What the warehouse systems are asked follows the order."""
    plan_releases(order_id=UUID(event.payload["order"]))
