"""Work that was given up: have it tried again under its own id, or leave it undone for good."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction

from distportal.events.choices import DeliveryState, JobState
from distportal.events.clock import database_now
from distportal.events.errors import NotDead
from distportal.events.hints import hint_aggregate, hint_job
from distportal.events.models import Job, OutboxDelivery

_NOT_DEAD = "it is tried again already, or done; nothing was done twice"


@transaction.atomic
def revive_job(*, job_id: uuid.UUID) -> Job:
    """The job that was given up, ready again with its tries forgotten. Where the same work waits already, that job:
    this one is left undone then. Raises NotDead.
    """
    job = _job(job_id)
    waiting = Job.objects.filter(kind=job.kind, key=job.key, state=JobState.READY).first()
    if waiting:
        _leave(job, f"the same work waits already as {waiting.id}")
        return waiting
    now = database_now()
    job.state, job.attempts, job.lost, job.next_at, job.done_at = JobState.READY, 0, 0, now, None
    job.revived_at = now
    job.save(update_fields=["state", "attempts", "lost", "next_at", "done_at", "revived_at"])
    transaction.on_commit(lambda: hint_job(job.id, job.lane))
    return job


@transaction.atomic
def discard_job(*, job_id: uuid.UUID, reason: str) -> Job:
    """The job that was given up is left undone. Raises NotDead."""
    return _leave(_job(job_id), reason)


@transaction.atomic
def revive_delivery(*, delivery_id: int) -> OutboxDelivery:
    """The delivery that was given up, pending again. Raises NotDead."""
    row, now = _delivery(delivery_id), database_now()
    row.state, row.attempts, row.lost, row.next_at, row.revived_at = DeliveryState.PENDING, 0, 0, now, now
    row.save(update_fields=["state", "attempts", "lost", "next_at", "revived_at"])
    _go_on(row)
    return row


@transaction.atomic
def discard_delivery(*, delivery_id: int, reason: str) -> OutboxDelivery:
    """The delivery is left undone, and what was parked behind it goes on. Raises NotDead."""
    row = _delivery(delivery_id)
    row.state, row.last_error = DeliveryState.DISCARDED, f"left undone: {reason}\n{row.last_error}"[:2000]
    row.delivered_at = database_now()
    row.save(update_fields=["state", "last_error", "delivered_at"])
    _go_on(row)
    return row


def _job(job_id: uuid.UUID) -> Job:
    job = Job.objects.select_for_update(no_key=True).filter(id=job_id, state__in=JobState.GIVEN_UP).first()
    if job is None:
        raise NotDead(_NOT_DEAD)
    return job


def _leave(job: Job, reason: str) -> Job:
    job.state, job.last_error, job.done_at = (
        JobState.DISCARDED,
        f"left undone: {reason}\n{job.last_error}"[:2000],
        (database_now()),
    )
    job.save(update_fields=["state", "last_error", "done_at"])
    return job


def _delivery(delivery_id: int) -> OutboxDelivery:
    rows = OutboxDelivery.objects.select_for_update(no_key=True).filter(
        pk=delivery_id, state__in=DeliveryState.GIVEN_UP
    )
    row = rows.first()
    if row is None:
        raise NotDead(_NOT_DEAD)
    return row


def _go_on(row: OutboxDelivery) -> None:
    transaction.on_commit(partial(hint_aggregate, row.aggregate_type, row.aggregate_id))
