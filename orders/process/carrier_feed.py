"""Ask carriers what happened: every message is stored with the cursor, and used by a job of its own."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.jobs import enqueue_job
from distportal.systems.errors import SystemCallError
from distportal.systems.logistics import active_connections, tms
from distportal.systems.tms.port import TmsPage
from inventory.process.cursors import cursor_of, note_failure, store_cursor
from orders.process.carrier_messages import TAKE_JOB, receive_message
from orders.queries.tracking import MESSAGES_WAIT, early_messages

POLL_ONE_JOB = "orders.poll_carrier"


@transaction.atomic
def poll_carriers() -> int:
    """How many carriers are asked now, each by a job of its own: a slow one holds up no other."""
    rows = active_connections("tms")
    for row in rows:
        enqueue_job(POLL_ONE_JOB, key=row.name, payload={"connection": row.name})
    return len(rows)


def poll_carrier(*, connection: str) -> None:
    """Everything new of one carrier is stored. Raises RetryLater while it does not answer."""
    feed = f"tms:{connection}"
    while True:
        try:
            port = tms(connection)
            if port.capabilities().feed != "cursor":
                return
            page = port.events(cursor_of(feed) or None, port.capabilities().page_size)
        except SystemCallError as error:
            note_failure(feed, error.message)
            raise RetryLater(error.message, after=error.retry_after or 5.0, counts=False) from error
        _apply(connection, feed, page)
        if not page.more:
            return


@transaction.atomic
def _apply(connection: str, feed: str, page: TmsPage) -> None:
    for event in page.events:
        body = json.dumps(event.payload).encode()
        receive_message(connection=connection, event_id=event.event_id, body=body, channel="poll")
    store_cursor(feed, page.next_cursor, changes=len(page.events), complete=not page.more)


@transaction.atomic
def retake_messages(*, shipment_id: UUID) -> int:
    """How many messages that came too early and name the shipment are looked at again, now that it is known."""
    waiting = early_messages(shipment_id, since=database_now() - MESSAGES_WAIT)
    for pk in waiting:
        enqueue_job(TAKE_JOB, key=str(pk), payload={"message": str(pk)})
    return len(waiting)
