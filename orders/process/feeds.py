"""Read the feeds of warehouse systems and carriers: each by a job of its own, the cursor stored with what came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.db import transaction

from distportal.events.errors import RetryLater
from distportal.events.jobs import enqueue_job
from distportal.systems.errors import SystemCallError
from distportal.systems.kinds import Port
from distportal.systems.logistics import active_connections
from inventory.process.cursors import cursor_of, note_failure, store_cursor


class FedPort(Protocol):
    """What warehouse systems and carriers have in common: a feed by cursor, if they have one."""

    def capabilities(self) -> Any:
        """`feed` and `page_size`."""
        ...

    def events(self, cursor: str | None, limit: int) -> Any:
        """A page: `events`, `next_cursor`, `more`."""
        ...


@transaction.atomic
def begin_reading(*, role: Port, job: str) -> int:
    """How many connections are read now, each by a job of its own: a slow one holds up no other."""
    rows = active_connections(role)
    for row in rows:
        enqueue_job(job, key=row.name, payload={"connection": row.name})
    return len(rows)


def read_feed(*, feed: str, port_of: Callable[[], FedPort], take: Callable[[Any], object]) -> None:
    """Everything new was taken, page by page. Raises RetryLater while the other side does not answer."""
    while True:
        try:
            port = port_of()
            if port.capabilities().feed != "cursor":
                return
            page = port.events(cursor_of(feed) or None, port.capabilities().page_size)
        except SystemCallError as error:
            note_failure(feed, error.message)
            raise RetryLater(error.message, after=error.retry_after or 5.0, counts=False) from error
        _apply(feed, page, take)
        if not page.more:
            return


@transaction.atomic
def _apply(feed: str, page: Any, take: Callable[[Any], object]) -> None:
    for event in page.events:
        take(event)
    store_cursor(feed, page.next_cursor, changes=len(page.events), complete=not page.more)
