"""Bring an aggregate's events to all who wait for one: what most subscribers do is little, so they share a transaction.

First tries alone go together, each behind a savepoint of its own. What ended a process or failed before goes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from distportal.events.choices import DeliveryState
from distportal.events.effects import bring
from distportal.events.models import OutboxDelivery
from distportal.events.registry import Subscription, subscriptions
from distportal.events.relay import LATE, count_tries, locked_heads, relay_stream


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
    rows, now = locked_heads(subscriptions(), aggregate_type, aggregate_id)
    counted = set(counted)
    first = [(known, row) for known, row in rows if row.lost == 0 or row.pk in counted]
    return _Heads(
        first=first,
        late=any(row.next_at <= now - LATE for _, row in first),
        alone=[row.destination for known, row in rows if (known, row) not in first],
    )


def _waits(aggregate_type: str, aggregate_id: str) -> bool:
    rows = OutboxDelivery.objects.filter(
        aggregate_type=aggregate_type, aggregate_id=aggregate_id, state=DeliveryState.PENDING
    )
    return rows.exists()
