"""Look again at a change that waits."""

from __future__ import annotations

from uuid import UUID

from distportal.events.errors import RetryLater
from orders.choices import ChangeStatus, CommandState
from orders.models import ChangeRequest
from orders.process.changes.deciding import decide_change

LOOK_AGAIN = 2.0
"""Seconds: an ERP confirms an order within a few."""


def decide_waiting_change(*, change_id: UUID) -> None:
    """The change is decided. Raises RetryLater while nobody knows whether the ERP has the order; behind an earlier
    change it just waits, for that one calls it.
    """
    change = decide_change(change_id=change_id)
    if change.status == ChangeStatus.WAITING and not _behind_another(change):
        raise RetryLater(f"{change} waits for the ERP's answer to its order", after=LOOK_AGAIN, counts=False)


def _behind_another(change: ChangeRequest) -> bool:
    rows = ChangeRequest.objects.filter(order_id=change.order_id, requested_at__lt=change.requested_at)
    unsure = change.order.commands.filter(state__in=CommandState.OPEN, change=None).exists()
    return rows.filter(status__in=ChangeStatus.OPEN).exists() or not unsure
