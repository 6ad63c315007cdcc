"""A return goes from state to state, and says so."""

from __future__ import annotations

from distportal.common.states import check_move
from distportal.events.base import Event
from distportal.events.outbox import publish
from orders.choices import RETURN_MOVES, ReturnStatus
from orders.models import Return

SUBJECT = "return"
"""The subject of its cases, and the reason that approval limits know it by."""


def move_return(row: Return, status: ReturnStatus) -> None:
    """The return in its new state, saved. Raises IllegalMove."""
    check_move(RETURN_MOVES, subject=str(row), old=row.status, new=status)
    row.status = status
    row.save()


def publish_return_fact(row: Return, what: str, **more: str) -> None:
    """The event of that name about the return."""
    payload = {"return": str(row.pk), "number": str(row), "account": row.account.code, "status": row.status, **more}
    publish(Event(type=what, aggregate_type="return", aggregate_id=str(row.pk), payload=payload))
