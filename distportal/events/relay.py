"""Bring an aggregate's events to one subscriber, in order, each with its effect in one transaction of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, QuerySet

from distportal.events.choices import DeliveryState
from distportal.events.effects import bring, bury
from distportal.events.models import OutboxDelivery
from distportal.events.registry import Subscription, subscription
from distportal.events.running import MOST_LOST

_LOCK = """
SELECT t.destination, pg_try_advisory_xact_lock(hashtextextended(t.name, 0)), clock_timestamp()
  FROM unnest(%s::text[], %s::text[]) AS t (destination, name)
"""
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
            bury(head.row, "its process ended each time before it was done")
            return not subscriber.strict
        if head.row.lost == 0 and head.row.next_at > head.now - LATE:
            return _brought(subscriber, head.row)
        count_tries([head.row.pk])
    with transaction.atomic():
        again = _locked_head(subscriber, aggregate_type, aggregate_id)
        return again is not None and (again.row.pk != head.row.pk or _brought(subscriber, again.row))


class _Head(NamedTuple):
    """The next one that may go, and the time at which that was seen."""

    row: OutboxDelivery
    now: dt.datetime


def _locked_head(subscriber: Subscription, aggregate_type: str, aggregate_id: str) -> _Head | None:
    """The next one that may go now, with the stream locked until the transaction ends."""
    now, free = lock_streams([subscriber.destination], aggregate_type, aggregate_id)
    if not free:
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


def _brought(subscriber: Subscription, row: OutboxDelivery) -> bool:
    """Whether the one behind it may go: a strict subscriber waits until it had its effect."""
    return bool(bring([(subscriber, row)])) or not subscriber.strict


def count_tries(ids: Collection[int]) -> None:
    """One more try of these that may end its process. Lost in a crash of the database, the count costs one more try."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    OutboxDelivery.objects.filter(pk__in=ids).update(lost=F("lost") + 1)


def _parked(head: OutboxDelivery) -> bool:
    """A dead earlier event holds a strict stream until a person has settled it."""
    return OutboxDelivery.objects.filter(
        destination=head.destination,
        aggregate_type=head.aggregate_type,
        aggregate_id=head.aggregate_id,
        state=DeliveryState.DEAD,
        seq__lt=head.seq,
    ).exists()


def lock_streams(destinations: Sequence[str], aggregate_type: str, aggregate_id: str) -> tuple[dt.datetime, list[str]]:
    """The database's time, and which of the destinations nobody else is at: their streams of the aggregate are ours
    until the transaction ends.
    """
    with connection.cursor() as cursor:
        names = [f"{destination}|{aggregate_type}|{aggregate_id}" for destination in destinations]
        cursor.execute(_LOCK, [list(destinations), names])
        rows = cursor.fetchall()
    return rows[0][2], [destination for destination, locked, _ in rows if locked]
