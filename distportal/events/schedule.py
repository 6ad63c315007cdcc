"""Periodic jobs: any number of schedulers may tick, the slot's insert decides who is heard."""

from __future__ import annotations

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.models import ScheduleRun
from distportal.events.registry import job_kind


@transaction.atomic
def tick(name: str, seconds: float) -> bool:
    """Whether this call started the slot; the job's kind is the schedule's name. The slot is the database's clock."""
    slot = int(database_now().timestamp() // seconds)
    if job_kind(name) is None:
        return False
    _, first = ScheduleRun.objects.get_or_create(name=name, slot=slot)
    if first:
        enqueue_job(name, key="periodic")
    return first
