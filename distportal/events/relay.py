"""Bring an aggregate's events to one subscriber, in order, each with its effect in one transaction."""

from __future__ import annotations

import structlog
from django.db import connection, transaction
from django.db.models.functions import Now

from distportal.events.base import Delivered
from distportal.events.choices import DeliveryState
from distportal.events.clock import database_now
from distportal.events.errors import NotDead
from distportal.events.jobs import backoff
from distportal.events.models import ConsumedEvent, OutboxDelivery
from distportal.events.registry import DeadWork, Subscription, dead_sinks, subscription
from distportal.observability.correlation import correlated

log = structlog.get_logger(__name__)

BATCH = 50
MAX_ATTEMPTS = 8


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
    return delivered


def _deliver_next(subscriber: Subscription, aggregate_type: str, aggregate_id: str) -> bool:
    with transaction.atomic():
        if not _lock(f"{subscriber.destination}|{aggregate_type}|{aggregate_id}"):
            return False
        waiting = OutboxDelivery.objects.filter(
            destination=subscriber.destination,
            aggregate_type=aggregate_type,
            aggregate_id=aggregate_id,
            state=DeliveryState.PENDING,
        ).select_related("event")
        # strict: only the head may go, and only when it is due. Otherwise any due one may pass a failing one.
        due = waiting.order_by("seq") if subscriber.strict else waiting.filter(next_at__lte=Now()).order_by("seq")
        head = due.first()
        if head is None or head.next_at > database_now():
            return False
        if subscriber.strict and _parked(head):
            return False
        return _deliver(subscriber, head)


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
        with transaction.atomic(), correlated(event.correlation_id):
            _, fresh = ConsumedEvent.objects.get_or_create(consumer=subscriber.destination, event_id=event.id)
            if fresh:
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
    head.state, head.delivered_at, head.last_error = DeliveryState.DELIVERED, database_now(), ""
    head.attempts += 1
    head.save(update_fields=["state", "delivered_at", "attempts", "last_error"])
    return True


def _postpone(head: OutboxDelivery, error: str) -> None:
    head.attempts += 1
    head.last_error = error[:2000]
    if head.attempts < MAX_ATTEMPTS:
        OutboxDelivery.objects.filter(pk=head.pk).update(attempts=head.attempts, last_error=head.last_error)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE events_outboxdelivery SET next_at = clock_timestamp() + make_interval(secs => %s) "
                "WHERE id = %s",
                [backoff(head.attempts), head.pk],
            )
        return
    head.state = DeliveryState.DEAD
    head.save(update_fields=["state", "attempts", "last_error"])
    dead = DeadWork(
        source="delivery",
        kind=head.destination,
        subject_type="delivery",
        subject_id=str(head.pk),
        error=error,
        correlation_id=str(head.event.correlation_id),
        data={"event": head.event.type, "aggregate": f"{head.aggregate_type}/{head.aggregate_id}", "seq": head.seq},
    )
    for sink in dead_sinks():
        sink(dead)


@transaction.atomic
def revive_delivery(*, delivery_id: int) -> OutboxDelivery:
    """The dead delivery, pending again. Raises NotDead."""
    row = OutboxDelivery.objects.select_for_update().filter(pk=delivery_id, state=DeliveryState.DEAD).first()
    if row is None:
        raise NotDead("it is tried again already, or arrived; nothing was done twice")
    row.state, row.attempts, row.next_at = DeliveryState.PENDING, 0, database_now()
    row.save(update_fields=["state", "attempts", "next_at"])
    return row


def _lock(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])
