"""Tell every CRM what happened with an account: each fact once in effect, whatever gets lost on the way."""

from __future__ import annotations

from uuid import UUID

from distportal.events.base import Delivered
from distportal.events.errors import GiveUp, RetryLater
from distportal.events.jobs import enqueue_job
from distportal.systems.crm.port import Activity, CrmPort
from distportal.systems.errors import AuthFailed, Misconfigured, Rejected, Transient, UnknownOutcome
from distportal.systems.logistics import active_connections, crm
from orders.process.crm_activities import activity_of

PUSH_JOB = "orders.tell_crm"
SET_UP_AGAIN = 300.0
"""Seconds between tries of a connection that refuses our credentials or is set up wrongly: no try is burnt by it."""


def plan_telling(event: Delivered) -> None:
    """One job for each CRM in force; none for a note that came from a CRM, which has it. Call it in the transaction of
    the delivery.
    """
    if event.payload.get("source") == "crm":
        return
    for row in active_connections("crm"):
        enqueue_job(
            PUSH_JOB,
            key=f"{row.name}:{event.id}",
            payload={"crm": row.name, "event": str(event.id)},
            share=str(event.payload.get("account", "")),
        )


def tell_crm(*, name: str, event_id: UUID) -> None:
    """The CRM has the activity. Raises RetryLater, or GiveUp where it said no: then a case tells."""
    activity = activity_of(event_id)
    if activity is None:
        return
    try:
        port = crm(name)
        if port.capabilities().key == "searchable" and port.find_activity(activity.key):
            return
        _put(port, activity)
    except Transient as error:
        raise RetryLater(error.message, after=error.retry_after, counts=False) from error
    except (AuthFailed, Misconfigured) as error:
        raise RetryLater(error.message, after=SET_UP_AGAIN, counts=False) from error
    except Rejected as error:
        raise GiveUp(f"{error.code}: {error.message}") from error


def _put(port: CrmPort, activity: Activity) -> None:
    try:
        port.put_activity(activity)
    except UnknownOutcome as error:
        # Enforced, the same PUT again is harmless; else it is looked up once the CRM must have finished.
        can = port.capabilities()
        after = can.settle.total_seconds() if can.key == "searchable" else None
        raise RetryLater(error.message, after=after) from error
