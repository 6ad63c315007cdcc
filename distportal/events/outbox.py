"""Publish a business fact with the change that made it."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import connection, transaction

from distportal.common.errors import DomainError
from distportal.events.base import Event
from distportal.events.hints import hint_stream
from distportal.events.models import OutboxDelivery, OutboxEvent
from distportal.events.registry import subscriptions_to
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlation_id

_NEXT_SEQ = """
INSERT INTO events_stream AS head (aggregate_type, aggregate_id, last_seq) VALUES (%s, %s, 1)
ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET last_seq = head.last_seq + 1
RETURNING last_seq
"""
NAMESPACE = uuid.UUID("6f6c1a52-9a5c-5b0e-8a3d-0d3b7f1d2c11")


class OutsideTransaction(DomainError):
    """An event would be saved apart from its change."""

    code = "outside_transaction"


def publish(event: Event) -> OutboxEvent:
    """The saved event with its deliveries; subscribers are told after the commit.

    Events of one aggregate are numbered without gaps under the lock of its stream row. Raises OutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{event.type} was published outside a transaction")
    seq = _next_seq(event.aggregate_type, event.aggregate_id)
    row = OutboxEvent.objects.create(
        id=uuid.uuid5(NAMESPACE, f"{event.aggregate_type}/{event.aggregate_id}/{seq}"),
        aggregate_type=event.aggregate_type,
        aggregate_id=event.aggregate_id,
        seq=seq,
        type=event.type,
        payload=dict(event.payload),
        correlation_id=correlation_id(),
        actor=actor_name(),
    )
    destinations = [s.destination for s in subscriptions_to(event.type)]
    OutboxDelivery.objects.bulk_create(
        OutboxDelivery(
            event=row,
            destination=name,
            aggregate_type=event.aggregate_type,
            aggregate_id=event.aggregate_id,
            seq=seq,
        )
        for name in destinations
    )
    for name in destinations:
        transaction.on_commit(partial(hint_stream, name, event.aggregate_type, event.aggregate_id))
    return row


def _next_seq(aggregate_type: str, aggregate_id: str) -> int:
    """The next number; the stream's row stays locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SEQ, [aggregate_type, aggregate_id])
        return int(cursor.fetchone()[0])
