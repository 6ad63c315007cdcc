"""Read what warehouse systems tell: page by page, each event kept once, the cursor stored with them."""

from __future__ import annotations

from django.db import transaction

from distportal.events.errors import RetryLater
from distportal.events.jobs import enqueue_job
from distportal.systems.errors import SystemCallError
from distportal.systems.logistics import active_connections, wms
from distportal.systems.wms.port import WmsPage
from inventory.process.cursors import cursor_of, note_failure, store_cursor
from orders.process.warehouse_events import take_event

READ_ONE_JOB = "orders.read_warehouse"


@transaction.atomic
def read_warehouses() -> int:
    """How many warehouse systems are read now, each by a job of its own: a slow one holds up no other."""
    rows = active_connections("wms")
    for row in rows:
        enqueue_job(READ_ONE_JOB, key=row.name, payload={"connection": row.name})
    return len(rows)


def read_warehouse(*, connection: str) -> None:
    """Everything new of one system is taken. Raises RetryLater while it does not answer."""
    feed = f"wms:{connection}"
    while True:
        try:
            port = wms(connection)
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
def _apply(connection: str, feed: str, page: WmsPage) -> None:
    for event in page.events:
        take_event(connection=connection, event=event)
    store_cursor(feed, page.next_cursor, changes=len(page.events), complete=not page.more)
