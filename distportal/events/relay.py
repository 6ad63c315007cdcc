"""Bring an aggregate's events to one subscriber, in order, each with its effect in one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import AbstractContextManager
from typing import NamedTuple

import structlog
from django.db import connection, transaction
from django.db.models import F, QuerySet

from distportal.events.base import Delivered
from distportal.events.burying import tell_delivery_dead
from distportal.events.choices import DeliveryState
from distportal.events.clock import DatabaseNow
from distportal.events.jobs import backoff
from distportal.events.models import OutboxDelivery
from distportal.events.registry import Subscription, subscription, tell_settled
from distportal.events.running import MOST_LOST
from distportal.observability.correlation import correlated
from distportal.observability.spans import Span, span

log = structlog.get_logger(__name__)

BATCH = 50
MAX_ATTEMPTS = 8
LATE = dt.timedelta(seconds=1)
"""The first try comes at once. What is due for longer may have ended its process, so each further try is counted in a
transaction of its own before it begins.
"""


def relay_stream(destination: str, aggregate_type: str, aggregate_id: str) -> int:
    """How many events were delivered now. Another relay on the same stream makes this one step back at once.

    The advisory lock per (destination, aggregate) keeps the order; it ends with each transaction.
    """
    subscriber = subscription(destination)
    if subscriber is None:
        return 0
    delivered = 0
    while _deliver_next(subscriber, aggregate_type, aggregate_id):
        delivered += 1
        if not _waiting(subscriber, aggregate_type, aggregate_id).exists():  # one came meanwhile: its hint stepped back
            break
    return delivered


def _deliver_next(subscriber: Subscription, aggregate_type: str, aggregate_id: str) -> bool:
    with transaction.atomic():
        head = _locked_head(subscriber, aggregate_type, aggregate_id)
        if head is None:
            return False
        if head.row.lost >= MOST_LOST:
            _bury(head.row, "its process ended each time before it was done")
            return not subscriber.strict
        if head.row.lost == 0 and head.row.next_at > head.now - LATE:
            return _deliver(subscriber, head.row)
        _count_try(head.row)
    with transaction.atomic():
        again = _locked_head(subscriber, aggregate_type, aggregate_id)
        return again is not None and (again.row.pk != head.row.pk or _deliver(subscriber, again.row))


class _Head(NamedTuple):
    """The next one that may go, and the time at which that was seen."""

    row: OutboxDelivery
    now: dt.datetime


def _locked_head(subscriber: Subscription, aggregate_type: str, aggregate_id: str) -> _Head | None:
    """The next one that may go now, with the stream locked until the transaction ends."""
    now = _lock(f"{subscriber.destination}|{aggregate_type}|{aggregate_id}")
    if now is None:
        return None
    waiting = _waiting(subscriber, aggregate_type, aggregate_id).select_related("event")
    # strict: only the head may go, and only when it is due. Otherwise any due one may pass a failing one.
    due = waiting.order_by("seq") if subscriber.strict else waiting.filter(next_at__lte=now).order_by("seq")
    head = due.first()
    if head is None or head.next_at > now or (subscriber.strict and _parked(head)):
        return None
    return _Head(head, now)


def _waiting(subscriber: Subscription, aggregate_type: str, aggregate_id: str) -> QuerySet[OutboxDelivery]:
    return OutboxDelivery.objects.filter(
        destination=subscriber.destination,
        aggregate_type=aggregate_type,
        aggregate_id=aggregate_id,
        state=DeliveryState.PENDING,
    )


def _count_try(head: OutboxDelivery) -> None:
    """One more try that may end its process. Losing the count in a crash of the database costs one more try."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    OutboxDelivery.objects.filter(pk=head.pk).update(lost=F("lost") + 1)


def _parked(head: OutboxDelivery) -> bool:
    """A dead earlier event holds a strict stream until a person has settled it."""
    return OutboxDelivery.objects.filter(
        destination=head.destination,
        aggregate_type=head.aggregate_type,
        aggregate_id=head.aggregate_id,
        state=DeliveryState.DEAD,
        seq__lt=head.seq,
    ).exists()


def _deliver(subscriber: Subscription, head: OutboxDelivery) -> bool:
    event = head.event
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
    try:
        with transaction.atomic(), correlated(event.correlation_id), _told(head):
            if _is_new(subscriber.destination, event.id):
                subscriber.handler(fact)
            log.info(
                "event.delivered", destination=subscriber.destination, event_type=event.type, of=event.aggregate_id
            )
    except Exception as error:  # a relay's outer wall: the delivery's row and case keep what happened
        log.exception(
            "delivery.failed", destination=subscriber.destination, event_type=event.type, attempt=head.attempts + 1
        )
        _postpone(head, f"{type(error).__name__}: {error}")
        return not subscriber.strict
    OutboxDelivery.objects.filter(pk=head.pk).update(
        state=DeliveryState.DELIVERED,
        delivered_at=DatabaseNow(),
        attempts=head.attempts + 1,
        lost=0,
        last_error="",
    )
    if head.revived_at is not None:
        tell_settled("delivery", str(head.pk))
    return True


def _is_new(consumer: str, event_id: uuid.UUID) -> bool:
    """Whether the consumer sees the event for the first time; it counts as seen once the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_consumedevent (consumer, event_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [consumer, event_id],
        )
        return bool(cursor.rowcount)


def _told(head: OutboxDelivery) -> AbstractContextManager[Span]:
    facts = {
        "portal.event.type": head.event.type,
        "portal.event.id": str(head.event_id),
        "portal.event.destination": head.destination,
    }
    return span(f"{head.event.type} to {head.destination}", "consumer", facts)


def _postpone(head: OutboxDelivery, error: str) -> None:
    head.attempts += 1
    if head.attempts >= MAX_ATTEMPTS:
        _bury(head, error)
        return
    OutboxDelivery.objects.filter(pk=head.pk).update(attempts=head.attempts, lost=0, last_error=error[:2000])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_outboxdelivery SET next_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            [backoff(head.attempts), head.pk],
        )


def _bury(head: OutboxDelivery, error: str) -> None:
    """The delivery is dead and its case is open, both or neither."""
    head.state, head.last_error = DeliveryState.DEAD, error[:2000]
    head.save(update_fields=["state", "attempts", "last_error"])
    tell_delivery_dead(head, error)


def _lock(name: str) -> dt.datetime | None:
    """The database's time with the lock; None where another has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0)), clock_timestamp()", [name])
        locked, now = cursor.fetchone()
    return now if locked else None
