"""The only writer of an order's status."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.common.changed_rows import update_rows
from distportal.common.states import check_move
from orders.choices import ORDER_MOVES, OrderStatus
from orders.models import Order


def move_order(order: Order, status: OrderStatus, *, reason: str = "", also: Sequence[str] = ()) -> bool:
    """Whether the status changed; raises IllegalMove. The caller holds the row lock.

    The fields `also` are saved with it in one statement, whether it changed or not: each one is a row of history. An
    order that is not written yet is not saved here: it is written once, with what was decided.
    """
    changed = _move(order, status, reason)
    fields = [*also, *(["status", "closed_reason"] if changed else [])]
    if fields and not order._state.adding:
        order.save(update_fields=[*fields, "updated_at"])
    return changed


def move_orders(orders: Sequence[Order], status: OrderStatus, *, also: Sequence[str]) -> None:
    """As `move_order` for many that are written, all by one statement; one that may not move keeps all of them back."""
    for order in orders:
        _move(order, status, "")
    update_rows(orders, [*also, "status", "closed_reason"])


def _move(order: Order, status: OrderStatus, reason: str) -> bool:
    if order.status == status:
        return False
    check_move(ORDER_MOVES, subject=str(order), old=order.status, new=status)
    order.status, order.closed_reason = status, reason[:200]
    return True
