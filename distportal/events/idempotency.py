"""A client's key for a request: claimed once, answered alike for ever."""

from __future__ import annotations

import datetime as dt
import json
import math
import uuid
from dataclasses import dataclass

from django.db import connection

from distportal.events.clock import DatabaseNow
from distportal.events.errors import KeyReused, StillRunning
from distportal.events.models import IdempotencyKey

LEASE = dt.timedelta(seconds=10)
"""So long a claim keeps repeats away; after it, whoever held it may be dead. It spares work and guards nothing: should
two be at work after all, what they do has a key of its own in its process and is done once.
"""
_CLAIM = """
INSERT INTO events_idempotencykey AS known (id, client, key, request_hash, locked_until)
VALUES (%s, %s, %s, %s, clock_timestamp() + make_interval(secs => %s))
ON CONFLICT (client, key) DO UPDATE SET locked_until = EXCLUDED.locked_until
 WHERE known.status IS NULL AND known.request_hash = EXCLUDED.request_hash AND known.locked_until <= clock_timestamp()
RETURNING locked_until
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What the first request with this key was answered; `body` is the text of a JSON document."""

    status: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to do the work of a key now; `until` tells this claim from a later one of the same key."""

    client: str
    key: str
    until: dt.datetime


def claim_key(*, client: str, key: str, request_hash: str) -> StoredAnswer | Claim:
    """The stored answer of a finished request, or the claim of the caller who shall do the work now.

    Raises KeyReused for other content under the same key, StillRunning while the first is at work, which says in
    `retry_after` how many seconds later the claim ends at the latest.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [uuid.uuid4(), client, key, request_hash, LEASE.total_seconds()])
        claimed = cursor.fetchone()
    if claimed:
        return Claim(client=client, key=key, until=claimed[0])
    row = IdempotencyKey.objects.filter(client=client, key=key).annotate(now=DatabaseNow()).first()
    if row is not None and row.request_hash != request_hash:
        raise KeyReused("this Idempotency-Key was used with another request; nothing was done, send a new key", key=key)
    if row is None or row.status is None:
        raise StillRunning(
            "the first request with this Idempotency-Key is still running; ask again in a moment",
            key=key,
            retry_after=max(math.ceil((row.locked_until - row.now).total_seconds()), 1) if row else 1,
        )
    return StoredAnswer(status=row.status, body=row.body if isinstance(row.body, str) else json.dumps(row.body))


def store_answer(claim: Claim, *, status: int, body: str) -> None:
    """The answer is kept for repeats, unless there is one: of two that were at work the first one's counts. `body` is
    the text of a JSON document: as a document PostgreSQL would keep its fields in another order, and repeats are
    answered byte for byte.
    """
    IdempotencyKey.objects.filter(client=claim.client, key=claim.key, status__isnull=True).update(
        status=status, body=body
    )


def release_key(claim: Claim) -> None:
    """The key is free again: the request was refused before any work and may be sent anew. Where another holds it by
    now, nothing changes.
    """
    mine = IdempotencyKey.objects.filter(client=claim.client, key=claim.key, locked_until=claim.until)
    mine.filter(status__isnull=True).delete()
