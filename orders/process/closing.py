"""A person ends an order that the machine held."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from orders.choices import LineStatus, OrderStatus
from orders.errors import NothingToCorrect
from orders.models import Order
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_order
from orders.process.missing_codes import await_no_codes
from orders.process.orchestration import release_order
from orders.process.states import move_order


@transaction.atomic
def reject_held_order(*, order_id: UUID, reason: str) -> Order:
    """The held order, rejected with a reason that its sender will be told. Raises NothingToCorrect, or Invalid without
    one.
    """
    order = locked_order(order_id)
    if order.status != OrderStatus.HELD or not reason.strip():
        raise NothingToCorrect(f"{order} can be rejected while it is held, with a reason; nothing was changed")
    release_order(order)
    order.lines.update(status=LineStatus.REJECTED, status_reason="rejected")
    move_order(order, OrderStatus.REJECTED, reason=reason)
    await_no_codes(order)
    with correlated(order.correlation_id):
        resolve_cases(
            subject_type="order", subject_id=str(order.pk), resolution=Resolution.DISCARDED, reason=reason, code="held"
        )
        publish_order_fact(order, "order.rejected", reasons=[reason])
    return order
