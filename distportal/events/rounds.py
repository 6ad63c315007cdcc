"""Bring an aggregate's events to all who wait for one: what most subscribers do is little, so they share a transaction.

First tries alone go together, each behind a savepoint of its own. What ended a process or failed before goes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import prefetch_related_objects

from distportal.events.choices import DeliveryState
from distportal.events.effects import bring
from distportal.events.models import OutboxDelivery
from distportal.events.registry import Subscription, subscriptions
from distportal.events.relay import LATE, count_tries, lock_streams, relay_stream

_HEADS = """
SELECT head.* FROM unnest(%(destinations)s::text[], %(strict)s::boolean[]) AS t (destination, strict)
 CROSS JOIN LATERAL (
   SELECT * FROM events_outboxdelivery
    WHERE destination = t.destination AND aggregate_type = %(type)s AND aggregate_id = %(id)s AND state = 'pending'
      AND (t.strict OR next_at <= %(now)s)
    ORDER BY seq LIMIT 1) AS head
 WHERE head.next_at <= %(now)s
   AND NOT (t.strict AND EXISTS (
     SELECT FROM events_outboxdelivery AS parked
      WHERE parked.destination = t.destination AND parked.aggregate_type = %(type)s AND parked.aggregate_id = %(id)s
        AND parked.state = 'dead' AND parked.seq < head.seq))
 ORDER BY head.destination
"""
"""The next of each destination that may go now: strict ones give their head or nothing, as `relay_stream` does."""


def relay_aggregate(aggregate_type: str, aggregate_id: str) -> int:
    """How many events were delivered now. A stream that another relay is at is passed by."""
    delivered = 0
    while True:
        together, alone = _round(aggregate_type, aggregate_id)
        by_themselves = sum(relay_stream(destination, aggregate_type, aggregate_id) for destination in alone)
        if not together + by_themselves:
            return delivered
        delivered += together + by_themselves
        if not _waits(aggregate_type, aggregate_id):  # one came meanwhile: its hint found us at it
            return delivered


class _Heads(NamedTuple):
    """What may go now: first tries, whether one of them is late, and who has one that was tried before."""

    first: list[tuple[Subscription, OutboxDelivery]]
    late: bool
    alone: list[str]


def _round(aggregate_type: str, aggregate_id: str) -> tuple[int, list[str]]:
    """How many went together, and whose go by themselves."""
    with transaction.atomic():
        heads = _heads(aggregate_type, aggregate_id)
        if not heads.late:
            return len(bring(heads.first)), heads.alone
        counted = [row.pk for _, row in heads.first]
        count_tries(counted)
    with transaction.atomic():
        again = _heads(aggregate_type, aggregate_id, counted=counted)
        return len(bring(again.first)), heads.alone


def _heads(aggregate_type: str, aggregate_id: str, *, counted: Iterable[int] = ()) -> _Heads:
    """With the streams that nobody else is at locked until the transaction ends. `counted` are first tries still."""
    known = {subscriber.destination: subscriber for subscriber in subscriptions()}
    now, free = lock_streams(list(known), aggregate_type, aggregate_id)
    values = {
        "destinations": free, "strict": [known[name].strict for name in free], "now": now, "type": aggregate_type,
        "id": aggregate_id,
    }  # fmt: skip
    rows, counted = list(OutboxDelivery.objects.raw(_HEADS, values)), set(counted)
    first = [row for row in rows if row.lost == 0 or row.pk in counted]
    prefetch_related_objects(first, "event")
    return _Heads(
        first=[(known[row.destination], row) for row in first],
        late=any(row.next_at <= now - LATE for row in first),
        alone=[row.destination for row in rows if row not in first],
    )


def _waits(aggregate_type: str, aggregate_id: str) -> bool:
    rows = OutboxDelivery.objects.filter(
        aggregate_type=aggregate_type, aggregate_id=aggregate_id, state=DeliveryState.PENDING
    )
    return rows.exists()
