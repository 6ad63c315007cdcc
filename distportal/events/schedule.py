"""Periodic jobs: any number of schedulers may tick, the slot's insert decides who is heard."""

from __future__ import annotations

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.models import ScheduleRun
from distportal.events.pressure import polls_stretch, pressure
from distportal.events.registry import job_kind


@transaction.atomic
def tick(name: str, seconds: float) -> bool:
    """Whether this call started the slot; the job's kind is the schedule's name. The slot is the database's clock.

    Under pressure a kind that slows has longer slots, and one that stops has none.
    """
    known = job_kind(name)
    if known is None or (known.stops_at is not None and pressure().level >= known.stops_at):
        return False
    slot = int(database_now().timestamp() // (seconds * (polls_stretch() if known.slows else 1)))
    _, first = ScheduleRun.objects.get_or_create(name=name, slot=slot)
    if first:
        enqueue_job(name, key="periodic")
    return first
