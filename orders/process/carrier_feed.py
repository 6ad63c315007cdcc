"""Ask carriers what happened: every message is stored with the cursor, and used by a job of its own."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.systems.logistics import tms
from distportal.systems.tms.port import TmsEvent
from orders.process.carrier_messages import TAKE_JOB, receive_message
from orders.process.feeds import begin_reading, read_feed
from orders.queries.tracking import MESSAGES_WAIT, early_messages

POLL_ONE_JOB = "orders.poll_carrier"


def poll_carriers() -> int:
    """How many carriers are asked now."""
    return begin_reading(role="tms", job=POLL_ONE_JOB)


def poll_carrier(*, connection: str) -> None:
    """Everything new of one carrier is stored. Raises RetryLater while it does not answer."""

    def keep(event: TmsEvent) -> None:
        body = json.dumps(event.payload).encode()
        receive_message(connection=connection, event_id=event.event_id, body=body, channel="poll")

    read_feed(feed=f"tms:{connection}", port_of=lambda: tms(connection), take=keep)


@transaction.atomic
def retake_messages(*, shipment_id: UUID) -> int:
    """How many messages that came too early and name the shipment are looked at again, now that it is known."""
    waiting = early_messages(shipment_id, since=database_now() - MESSAGES_WAIT)
    for pk in waiting:
        enqueue_job(TAKE_JOB, key=str(pk), payload={"message": str(pk)})
    return len(waiting)
