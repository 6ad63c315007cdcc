"""Bring the events of aggregates to all who wait for one: what most subscribers do is little, so they share a
transaction, and where much waits several aggregates do.

First tries alone go together: all who wait for one aggregate each behind a savepoint of its own, those of several
aggregates without, all or none. What ended a process or failed before goes by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, connection, transaction

from distportal.common.remembering import remembering
from distportal.events.effects import bring, bring_together
from distportal.events.errors import NotTogether
from distportal.events.models import OutboxDelivery
from distportal.events.registry import Subscription, subscriptions
from distportal.events.relay import LATE, Aggregate, count_tries, locked_heads, relay_stream

log = structlog.get_logger(__name__)

TOGETHER = 10
"""So many aggregates at most."""

# The one that is asked for, with whatever is due of it, and those that wait longest. What a dead one of its stream
# parks may wait for months: it is nobody's next.
_DUE = """
SELECT %(type)s, %(id)s WHERE EXISTS (
  SELECT FROM events_outboxdelivery
   WHERE aggregate_type = %(type)s AND aggregate_id = %(id)s AND state = 'pending' AND next_at <= clock_timestamp()
     AND destination = ANY(%(destinations)s))
UNION ALL
(SELECT aggregate_type, aggregate_id FROM (
  SELECT aggregate_type, aggregate_id, id FROM events_outboxdelivery AS row
   WHERE state = 'pending' AND next_at <= clock_timestamp() AND attempts = 0 AND lost = 0
     AND destination = ANY(%(destinations)s) AND NOT EXISTS (
       SELECT FROM events_outboxdelivery AS parked
        WHERE parked.destination = row.destination AND parked.aggregate_type = row.aggregate_type
          AND parked.aggregate_id = row.aggregate_id AND parked.state = 'dead' AND parked.seq < row.seq)
   ORDER BY next_at, id LIMIT %(rows)s) AS first
  WHERE (aggregate_type, aggregate_id) <> (%(type)s, %(id)s)
  GROUP BY aggregate_type, aggregate_id ORDER BY min(id) LIMIT %(most)s)
"""
_WAITING = """
SELECT aggregate_type, aggregate_id FROM unnest(%(types)s::text[], %(ids)s::text[]) AS t (aggregate_type, aggregate_id)
 WHERE EXISTS (
   SELECT FROM events_outboxdelivery AS row
    WHERE row.destination = ANY(%(destinations)s) AND row.aggregate_type = t.aggregate_type
      AND row.aggregate_id = t.aggregate_id AND row.state = 'pending')
"""


def relay_next(aggregate_type: str, aggregate_id: str) -> int:
    """How many events were delivered now: of the aggregate, and of those that wait longest where others do. A hint of
    what another's brought along finds nothing, by one statement.
    """
    return relay_many(_due(aggregate_type, aggregate_id))


def relay_many(aggregates: Sequence[Aggregate]) -> int:
    """How many events of these aggregates were delivered now: first tries together, then what is left by itself."""
    if len(aggregates) == 1:
        return relay_aggregate(*aggregates[0])
    delivered, left = 0, list[Aggregate]()
    for at in range(0, len(aggregates), TOGETHER):
        brought, rest = _together(aggregates[at : at + TOGETHER])
        delivered, left = delivered + brought, left + rest
    return delivered + sum(relay_aggregate(*one) for one in left)


def _together(aggregates: Sequence[Aggregate]) -> tuple[int, list[Aggregate]]:
    """How many were delivered, all of a round in one transaction, until no first try is left; and those that have to go
    by themselves.
    """
    delivered, left = 0, list(aggregates)
    while left:
        try:
            brought = _round(left, apart=False).brought
        except (NotTogether, DatabaseError) as error:
            log.info("relay.taken_apart", aggregates=len(left), error=str(error.__cause__ or error))
            break
        if not brought:
            break
        delivered += brought
        left = _waiting(left)  # those of which one came meanwhile: its hint found us at it
    return delivered, left


def relay_aggregate(aggregate_type: str, aggregate_id: str) -> int:
    """How many events were delivered now. A stream that another relay is at is passed by."""
    delivered, asked = 0, (aggregate_type, aggregate_id)
    while True:
        brought, alone = _round([asked], apart=True)
        brought += sum(relay_stream(destination, *asked) for destination in alone)
        if not brought:
            return delivered
        delivered += brought
        if not _waiting([asked]):
            return delivered


class _Round(NamedTuple):
    """How many went together, and the destinations of what has to go by itself."""

    brought: int
    alone: list[str]


class _Heads(NamedTuple):
    """What may go now: first tries, whether one of them is late, and who has one that was tried before."""

    first: list[tuple[Subscription, OutboxDelivery]]
    late: bool
    alone: list[str]


def _round(aggregates: Sequence[Aggregate], *, apart: bool) -> _Round:
    """`apart`: each behind a savepoint of its own. Raises NotTogether without, where one fails."""
    with transaction.atomic():
        heads = _heads(aggregates, apart=apart)
        if not heads.late:
            return _Round(_brought(heads, apart=apart), heads.alone)
        counted = {row.pk for _, row in heads.first}
        count_tries(counted)
    with transaction.atomic():
        again = _heads(aggregates, apart=apart, counted=counted)
        return _Round(_brought(again, apart=apart), heads.alone)


def _brought(heads: _Heads, *, apart: bool) -> int:
    with remembering():
        return len(bring(heads.first)) if apart else bring_together(heads.first)


def _heads(aggregates: Sequence[Aggregate], *, apart: bool, counted: Collection[int] = ()) -> _Heads:
    """With the streams that nobody else is at locked until the transaction ends. `counted` are first tries still."""
    rows, now = locked_heads(subscriptions(), aggregates)
    first = [
        (known, row) for known, row in rows if (row.lost == 0 or row.pk in counted) and (apart or row.attempts == 0)
    ]
    return _Heads(
        first=first,
        late=any(row.next_at <= now - LATE for _, row in first),
        alone=[row.destination for known, row in rows if (known, row) not in first],
    )


def _due(aggregate_type: str, aggregate_id: str) -> list[Aggregate]:
    """That one, where something waits in it, and those whose first tries wait longest, by as many rows as so many
    aggregates have.
    """
    destinations = [known.destination for known in subscriptions()]
    values: dict[str, Any] = {
        "type": aggregate_type, "id": aggregate_id, "destinations": destinations,
        "rows": TOGETHER * len(destinations), "most": TOGETHER - 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        return list(cursor.fetchall())


def _waiting(aggregates: Sequence[Aggregate]) -> list[Aggregate]:
    """Those of which something waits for somebody."""
    values = {
        "destinations": [known.destination for known in subscriptions()],
        "types": [kind for kind, _ in aggregates], "ids": [of for _, of in aggregates],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, values)
        found = set(cursor.fetchall())
    return [one for one in aggregates if one in found]
