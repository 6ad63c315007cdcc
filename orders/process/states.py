"""The only writer of an order's status."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.common.states import check_move
from orders.choices import ORDER_MOVES, OrderStatus
from orders.models import Order


def move_order(order: Order, status: OrderStatus, *, reason: str = "", also: Sequence[str] = ()) -> bool:
    """Whether the status changed; raises IllegalMove. The caller holds the row lock.

    The fields `also` are saved with it in one statement, whether it changed or not: each one is a row of history. An
    order that is not written yet is not saved here: it is written once, with what was decided.
    """
    fields = list(also)
    changed = order.status != status
    if changed:
        check_move(ORDER_MOVES, subject=str(order), old=order.status, new=status)
        order.status = status
        order.closed_reason = reason[:200]
        fields += ["status", "closed_reason"]
    if fields and not order._state.adding:
        order.save(update_fields=[*fields, "updated_at"])
    return changed
