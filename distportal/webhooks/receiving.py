"""Keep what a sender posts, then use it once; what cannot be used is kept with one case and can be tried again."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F

from distportal.common.errors import DomainError, NotFound
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.outbox import publish
from distportal.observability.correlation import correlated, correlation_id
from distportal.webhooks.choices import ReceivedState
from distportal.webhooks.models import Received, Sender
from distportal.webhooks.uses import Incoming, Unusable, use_kind

USE_JOB = "webhooks.use_received"
_UNREADABLE = (KeyError, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError)


@transaction.atomic
def keep_event(
    *, sender: Sender, event_id: str, body: bytes, content_type: str
) -> Literal["stored", "known", "conflict"]:
    """`stored` with its job due, `known` where the sender told it before: then nothing happens. Other content under a
    known id is a `conflict`: the first one holds, and a case tells of it.
    """
    digest = hashlib.sha256(body).hexdigest()
    fresh = Received(
        sender=sender, event_id=event_id, body=body, content_hash=digest, content_type=content_type[:100],
        correlation_id=correlation_id(),
    )  # fmt: skip
    Received.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Received.objects.defer("body").get(sender=sender, event_id=event_id)
    if row.pk == fresh.pk:
        enqueue_job(USE_JOB, key=str(row.pk), payload={"received": str(row.pk)})
        return "stored"
    if row.content_hash == digest:
        return "known"
    _publish(row, "hook_event.conflict", "it came again with other content; the first one holds")
    return "conflict"


def count_refusal(*, sender: Sender) -> None:
    """A post that is not believed leaves a number and nothing else."""
    Sender.objects.filter(pk=sender.pk).update(refused=F("refused") + 1, refused_at=database_now())


@transaction.atomic
def use_received(*, received_id: UUID) -> Received:
    """The event, used, with what came of it in words; or kept as one that cannot be used, with one case. An event that
    was used stays as it is. Raises NotFound, and what is worth trying again by itself.
    """
    rows = Received.objects.select_for_update(of=("self",), no_key=True).select_related("sender")
    row = rows.filter(pk=received_id).first()
    if row is None:
        raise NotFound("there is no such event; nothing was done")
    if row.state == ReceivedState.USED:
        return row
    with correlated(row.correlation_id):
        try:
            with transaction.atomic():
                outcome = _used(row)
        except DomainError as error:
            if error.retryable:
                raise
            return _settle(row, ReceivedState.FAILED, error.message)
        except _UNREADABLE as error:
            return _settle(row, ReceivedState.FAILED, _unreadable(error))
        return _settle(row, ReceivedState.USED, outcome)


def _unreadable(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it does not say what it has to: “{error.args[0]}” is missing"
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return f"it is no JSON: {error}"
    return f"it cannot be read: {error!r}"


def _used(row: Received) -> str:
    kind = use_kind(row.sender.kind)
    if kind is None:
        raise Unusable(f"nothing here knows what to do with {row.sender.kind}")
    data: Any = json.loads(bytes(row.body))
    if not isinstance(data, dict) or "\\u0000" in json.dumps(data):
        raise Unusable("it is no JSON object, or has NUL characters, which no text of ours can hold")
    return kind.use(Incoming(key=f"{row.sender.name}:{row.event_id}", source=row.sender.title, data=data))


def _settle(row: Received, state: ReceivedState, outcome: str) -> Received:
    before, row.state, row.outcome = (row.state, row.outcome), state, outcome[:500]
    row.save(update_fields=["state", "outcome"])
    if state == ReceivedState.USED and before[0] == ReceivedState.FAILED:
        _publish(row, "hook_event.used", outcome)
    elif state == ReceivedState.FAILED and before != (row.state, row.outcome):
        _publish(row, "hook_event.failed", outcome)
    return row


def _publish(row: Received, what: str, why: str) -> None:
    payload = {"received": str(row.pk), "event_id": row.event_id, "sender": row.sender.title, "why": why[:300]}
    publish(Event(type=what, aggregate_type="hook_event", aggregate_id=str(row.pk), payload=payload))
