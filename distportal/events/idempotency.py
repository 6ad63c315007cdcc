"""A client's key for a request: claimed once, answered alike for ever."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.errors import KeyReused, StillRunning
from distportal.events.models import IdempotencyKey

LOCK = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What the first request with this key was answered."""

    status: int
    body: Any


@transaction.atomic
def claim_key(*, client: str, key: str, request_hash: str) -> StoredAnswer | None:
    """The stored answer of a finished request, or None when the caller shall do the work now.

    Raises KeyReused for other content under the same key and StillRunning while the first is at work.
    """
    now = database_now()
    IdempotencyKey.objects.bulk_create(
        [IdempotencyKey(client=client, key=key, request_hash=request_hash, locked_until=now - LOCK)],
        ignore_conflicts=True,
    )
    row = IdempotencyKey.objects.select_for_update().get(client=client, key=key)
    if row.request_hash != request_hash:
        raise KeyReused("this Idempotency-Key was used with another request; nothing was done, send a new key", key=key)
    if row.status is not None:
        return StoredAnswer(status=row.status, body=row.body)
    if row.locked_until > now:
        raise StillRunning(
            "the first request with this Idempotency-Key is still running; ask again in a moment", key=key
        )
    row.locked_until = now + LOCK
    row.save(update_fields=["locked_until"])
    return None


@transaction.atomic
def store_answer(*, client: str, key: str, status: int, body: Any) -> None:
    """The answer is kept for repeats."""
    IdempotencyKey.objects.filter(client=client, key=key).update(status=status, body=body)


@transaction.atomic
def release_key(*, client: str, key: str) -> None:
    """The key is free again: the request was refused before any work and may be sent anew."""
    IdempotencyKey.objects.filter(client=client, key=key, status__isnull=True).delete()
