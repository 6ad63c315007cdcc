"""The only writer of an order's status."""

from __future__ import annotations

from distportal.common.states import check_move
from orders.choices import ORDER_MOVES, OrderStatus
from orders.models import Order


def move_order(order: Order, status: OrderStatus, *, reason: str = "") -> bool:
    """Whether the status changed; raises IllegalMove. The caller holds the row lock."""
    if order.status == status:
        return False
    check_move(ORDER_MOVES, subject=str(order), old=order.status, new=status)
    order.status = status
    order.closed_reason = reason[:200]
    order.save(update_fields=["status", "closed_reason", "updated_at"])
    return True
