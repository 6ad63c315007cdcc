"""Give events to their subscribers: each has its effect once, and none is touched by what becomes of the others."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager

import structlog
from django.db import connection, transaction

from distportal.common.network_words import network_words
from distportal.events.base import Delivered
from distportal.events.burying import tell_delivery_dead
from distportal.events.choices import DeliveryState
from distportal.events.errors import NotTogether
from distportal.events.jobs import backoff
from distportal.events.models import ConsumedEvent, OutboxDelivery
from distportal.events.registry import Subscription, tell_settled
from distportal.observability.correlation import correlated
from distportal.observability.spans import Span, span

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 8
_SEE = """
INSERT INTO events_consumedevent (consumer, event_id)
SELECT * FROM unnest(%s::text[], %s::uuid[]) AS t (consumer, event_id) ORDER BY event_id, consumer
ON CONFLICT DO NOTHING RETURNING consumer, event_id
"""
_DELIVERED = """
UPDATE events_outboxdelivery
   SET state = 'delivered', delivered_at = clock_timestamp(), attempts = attempts + 1, lost = 0, last_error = ''
 WHERE id = ANY(%s)
"""
ENOUGH_SECONDS = 1.0
"""What subscribers lock for many is free again after so long, however much each of them does."""


def bring(rows: Sequence[tuple[Subscription, OutboxDelivery]]) -> list[OutboxDelivery]:
    """Those that had their effect, now or before. What failed waits for its next try, or is dead and has its case.

    At most one of each stream. Call it in a transaction that holds the locks of the streams: an effect and its mark are
    one.
    """
    if not rows:
        return []
    new = _seen_now([row for _, row in rows])
    done = [row for subscriber, row in rows if _has_effect(subscriber, row, new=(row.destination, row.event_id) in new)]
    _note_delivered(done)
    return done


def bring_together(rows: Sequence[tuple[Subscription, OutboxDelivery]]) -> int:
    """How many had their effect, without a savepoint for each: all, or the first ones where they take long. As `bring`
    otherwise; raises NotTogether where one failed, and the transaction has to go back.
    """
    if not rows:
        return 0
    ends, new = time.monotonic() + ENOUGH_SECONDS, _seen_now([row for _, row in rows])
    done: list[OutboxDelivery] = []
    for subscriber, row in rows:
        if done and time.monotonic() > ends:
            break
        try:
            _take_effect(subscriber, row, new=(row.destination, row.event_id) in new)
        except Exception as error:  # as in _has_effect, which gets it next and tells what it was
            raise NotTogether from error
        done.append(row)
    _forget_seen([row for _, row in rows[len(done) :] if (row.destination, row.event_id) in new])
    _note_delivered(done)
    return len(done)


def _forget_seen(rows: Sequence[OutboxDelivery]) -> None:
    for row in rows:
        ConsumedEvent.objects.filter(consumer=row.destination, event_id=row.event_id).delete()


def _note_delivered(done: Sequence[OutboxDelivery]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERED, [[row.pk for row in done]])
    for row in done:
        event = row.event
        log.info(
            "event.delivered", destination=row.destination, event_type=event.type, of=event.aggregate_id,
            correlation_id=str(event.correlation_id),
        )  # fmt: skip
        if row.revived_at is not None:
            tell_settled("delivery", str(row.pk))


def _seen_now(rows: Sequence[OutboxDelivery]) -> set[tuple[str, uuid.UUID]]:
    """Which destination sees which event for the first time; it counts as seen once the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(_SEE, [[row.destination for row in rows], [row.event_id for row in rows]])
        return set(cursor.fetchall())


def _take_effect(subscriber: Subscription, row: OutboxDelivery, *, new: bool) -> None:
    event = row.event
    fact = Delivered(
        id=event.id,
        type=event.type,
        aggregate_type=event.aggregate_type,
        aggregate_id=event.aggregate_id,
        seq=event.seq,
        payload=event.payload,
        correlation_id=event.correlation_id,
        occurred_at=event.occurred_at,
    )
    with correlated(event.correlation_id), _told(row):
        if new:
            subscriber.handler(fact)


def _has_effect(subscriber: Subscription, row: OutboxDelivery, *, new: bool) -> bool:
    event = row.event
    try:
        with transaction.atomic():
            _take_effect(subscriber, row, new=new)
    except Exception as error:  # a relay's outer wall: the delivery's row and case keep what happened
        log.exception(
            "delivery.failed", destination=subscriber.destination, event_type=event.type, attempt=row.attempts + 1
        )
        if new:
            _forget_seen([row])
        _postpone(row, f"{type(error).__name__}: {network_words(error)}")
        return False
    return True


def _told(row: OutboxDelivery) -> AbstractContextManager[Span]:
    facts = {
        "portal.event.type": row.event.type,
        "portal.event.id": str(row.event_id),
        "portal.event.destination": row.destination,
    }
    return span(f"{row.event.type} to {row.destination}", "consumer", facts)


def _postpone(row: OutboxDelivery, error: str) -> None:
    row.attempts, row.lost = row.attempts + 1, 0  # its process did not end
    if row.attempts >= MAX_ATTEMPTS:
        bury(row, error)
        return
    OutboxDelivery.objects.filter(pk=row.pk).update(attempts=row.attempts, lost=0, last_error=error[:2000])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_outboxdelivery SET next_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            [backoff(row.attempts), row.pk],
        )


def bury(row: OutboxDelivery, error: str) -> None:
    """The delivery is dead and its case is open, both or neither."""
    row.state, row.last_error = DeliveryState.DEAD, error[:2000]
    row.save(update_fields=["state", "attempts", "lost", "last_error"])
    tell_delivery_dead(row, error)
