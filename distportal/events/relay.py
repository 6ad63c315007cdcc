"""Bring an aggregate's events to one subscriber, in order, each with its effect in one transaction of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, QuerySet, UUIDField

from distportal.common.among import Among
from distportal.common.marks import SOME_KEYS
from distportal.common.prepared import PreparedRows
from distportal.events.choices import DeliveryState
from distportal.events.effects import bring, bury
from distportal.events.models import OutboxDelivery, OutboxEvent
from distportal.events.registry import Subscription, subscription
from distportal.events.running import MOST_LOST

_LOCK = """
SELECT pg_try_advisory_xact_lock(hashtextextended(name, 0)), clock_timestamp()
  FROM unnest(%s::text[]) WITH ORDINALITY AS t (name, at) ORDER BY at
"""
_HEADS = """
SELECT head.*
  FROM unnest(%(destinations)s::text[], %(strict)s::boolean[], %(types)s::text[], %(ids)s::text[])
       AS t (destination, strict, aggregate_type, aggregate_id)
 CROSS JOIN LATERAL (
   SELECT * FROM events_outboxdelivery AS row
    WHERE row.destination = t.destination AND row.aggregate_type = t.aggregate_type
      AND row.aggregate_id = t.aggregate_id AND row.state = 'pending' AND (t.strict OR row.next_at <= %(now)s)
    ORDER BY row.seq LIMIT 1) AS head
 WHERE head.next_at <= %(now)s
   AND NOT (t.strict AND EXISTS (
     SELECT FROM events_outboxdelivery AS parked
      WHERE parked.destination = t.destination AND parked.aggregate_type = t.aggregate_type
        AND parked.aggregate_id = t.aggregate_id AND parked.state = 'dead' AND parked.seq < head.seq))
 ORDER BY head.destination, head.id
"""
_EVENTS = PreparedRows(lambda ids: OutboxEvent.objects.filter(Among("pk", ids, of=UUIDField())), SOME_KEYS)
Aggregate = tuple[str, str]
"""Its type and its id."""
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
        rows, now = locked_heads([subscriber], [(aggregate_type, aggregate_id)])
        if not rows:
            return False
        head = rows[0][1]
        if head.lost >= MOST_LOST:
            bury(head, "its process ended each time before it was done")
            return not subscriber.strict
        if head.lost == 0 and head.next_at > now - LATE:
            return _brought(subscriber, head)
        count_tries([head.pk])
    with transaction.atomic():
        rows, now = locked_heads([subscriber], [(aggregate_type, aggregate_id)])
        return bool(rows) and (rows[0][1].pk != head.pk or _brought(subscriber, rows[0][1]))


class Heads(NamedTuple):
    """The next of each stream that may go now, by destination, and the time at which that was seen."""

    rows: list[tuple[Subscription, OutboxDelivery]]
    now: dt.datetime


def locked_heads(subscribers: Sequence[Subscription], aggregates: Sequence[Aggregate]) -> Heads:
    """With the streams locked until the transaction ends; of those that another relay is at there is none.

    A strict one gives its head or nothing: nothing passes what waits for its time, or a dead one that a person has to
    settle. Of the others any due one may pass a failing one.
    """
    known = {subscriber.destination: subscriber for subscriber in subscribers}
    now, free = _lock_streams([(name, *one) for name in known for one in aggregates])
    values = {
        "destinations": [name for name, _, _ in free], "strict": [known[name].strict for name, _, _ in free],
        "types": [kind for _, kind, _ in free], "ids": [of for _, _, of in free], "now": now,
    }  # fmt: skip
    rows = list(OutboxDelivery.objects.raw(_HEADS, values))
    events = {event.pk: event for event in _EVENTS(list({row.event_id for row in rows}))} if rows else {}
    for row in rows:
        row.event = events[row.event_id]
    return Heads([(known[row.destination], row) for row in rows], now)


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


def _lock_streams(streams: Sequence[tuple[str, str, str]]) -> tuple[dt.datetime, list[tuple[str, str, str]]]:
    """The database's time, and which of the streams (destination, type and id) nobody else is at: these are ours until
    the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [["|".join(stream) for stream in streams]])
        rows = cursor.fetchall()
    return rows[0][1], [stream for stream, (locked, _) in zip(streams, rows, strict=True) if locked]
