"""Read a page of a connection's feed, or say why none is read: the ERP is away, another one, or lost our place."""

from __future__ import annotations

import datetime as dt

from distportal.events.errors import RetryLater
from distportal.systems.erp.port import ErpPort, FeedKind, Page
from distportal.systems.errors import OutOfStep, Transient, Unmapped
from distportal.systems.identity import BACK, note_identity
from distportal.systems.registry import erp
from inventory.process.cursors import cursor_of, note_failure
from inventory.process.feed_stops import TRY_AGAIN, stop_feed
from inventory.process.standing import go_on_with_same_erp, stop_reading
from inventory.queries.feeds import feed_read_at


def comparable(kind: FeedKind, *, of: str) -> tuple[ErpPort, dt.datetime] | None:
    """The ERP behind the connection and when its feed of that kind was read last; None while it rests, where it tells
    nothing of the kind, and before the feed was read once: everything would differ then. Raises as `connected`.
    """
    port, read_at = connected(of), feed_read_at(kind, of=of)
    if port is None or kind not in port.capabilities().feeds or read_at is None:
        return None
    return port, read_at


def connected(of: str) -> ErpPort | None:
    """The ERP behind the connection, None while it rests because it leads to another ERP than its cursors are of.

    The first time it is noted which ERP that is. Raises Misconfigured for a connection that is unknown, off or wrong.
    """
    stop = note_identity(of)
    if stop is not None and stop.code == BACK:
        go_on_with_same_erp(of=of, reason="it leads to the same ERP again", actor="the portal")
        stop = None
    if stop is None:
        return erp(of)
    if stop.new:
        stop_reading(of=of, because=stop.sentence)
    return None


def next_page(port: ErpPort, kind: FeedKind, limit: int, *, of: str, job: str) -> Page | None:
    """The page after the stored cursor. A refused cursor stops the connection's feeds with a case, and gives None.

    Raises RetryLater while the ERP does not answer, or the page has a code that nobody mapped; then `job` reads on.
    """
    try:
        return port.changes(kind, cursor_of(kind, of=of) or None, limit)
    except Transient as error:
        note_failure(kind, error.message, of=of)
        raise RetryLater(error.message, after=5.0, counts=False) from error
    except Unmapped as error:
        stop_feed(kind=kind, job=job, error=error, of=of)
        raise RetryLater(error.message, after=TRY_AGAIN, counts=False) from error
    except OutOfStep as error:
        note_failure(kind, error.message, of=of)
        stop_reading(of=of, because=f"its {kind} feed does not know our place: {error.message}")
        return None
