"""Publish a business fact with the change that made it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from functools import partial

from django.db import connection, transaction

from distportal.common.bulk import insert_rows
from distportal.common.errors import DomainError
from distportal.events.base import Event
from distportal.events.hints import hint_aggregate
from distportal.events.models import OutboxDelivery, OutboxEvent
from distportal.events.registry import subscriptions_to
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlation_id

_NEXT_SEQS = """
INSERT INTO events_stream AS head (aggregate_type, aggregate_id, last_seq)
SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS t (aggregate_type, aggregate_id, events) ORDER BY 1, 2
ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET last_seq = head.last_seq + EXCLUDED.last_seq
RETURNING aggregate_type, aggregate_id, last_seq
"""
NAMESPACE = uuid.UUID("6f6c1a52-9a5c-5b0e-8a3d-0d3b7f1d2c11")


class OutsideTransaction(DomainError):
    """An event would be saved apart from its change."""

    code = "outside_transaction"


def publish(event: Event) -> OutboxEvent:
    """The saved event with its deliveries; subscribers are told after the commit.

    Events of one aggregate are numbered without gaps under the lock of its stream row. Raises OutsideTransaction.
    """
    return publish_all([event])[0]


def publish_all(events: Sequence[Event]) -> list[OutboxEvent]:
    """As `publish`, for many in as many statements as for one; the stream rows are locked in the order of their names.
    Raises OutsideTransaction.
    """
    if not events:
        return []
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{events[0].type} was published outside a transaction")
    rows = [_row(event, seq) for event, seq in zip(events, _next_seqs(events), strict=True)]
    insert_rows(rows)
    deliveries = [
        OutboxDelivery(
            event=row,
            destination=known.destination,
            aggregate_type=row.aggregate_type,
            aggregate_id=row.aggregate_id,
            seq=row.seq,
        )
        for row in rows
        for known in subscriptions_to(row.type)
    ]
    insert_rows(deliveries)
    for aggregate in dict.fromkeys((one.aggregate_type, one.aggregate_id) for one in deliveries):
        transaction.on_commit(partial(hint_aggregate, *aggregate))
    return rows


def _row(event: Event, seq: int) -> OutboxEvent:
    return OutboxEvent(
        id=uuid.uuid5(NAMESPACE, f"{event.aggregate_type}/{event.aggregate_id}/{seq}"),
        aggregate_type=event.aggregate_type,
        aggregate_id=event.aggregate_id,
        seq=seq,
        type=event.type,
        payload=dict(event.payload),
        correlation_id=event.correlation_id or correlation_id(),
        actor=actor_name(),
    )


def _next_seqs(events: Sequence[Event]) -> list[int]:
    """The next number of each event in its stream; the streams' rows stay locked until commit."""
    streams = [(event.aggregate_type, event.aggregate_id) for event in events]
    wanted = Counter(streams)
    with connection.cursor() as cursor:
        types, ids = zip(*wanted, strict=True)
        cursor.execute(_NEXT_SEQS, [list(types), list(ids), list(wanted.values())])
        before = {(kind, key): last - wanted[kind, key] for kind, key, last in cursor.fetchall()}
    numbers = []
    for stream in streams:
        before[stream] += 1
        numbers.append(before[stream])
    return numbers
