"""The Celery tasks: run a job, relay an aggregate, tick a schedule. Ids in, one call out, safe to run twice."""

from __future__ import annotations

import uuid
from typing import Any

from celery import shared_task

from distportal.events import canary, cleaning, seal_checks  # noqa: F401 - they register their jobs, as every app's tasks do
from distportal.events.rounds import relay_next
from distportal.events.running import run_job as run
from distportal.events.schedule import tick as tick_once
from distportal.observability.correlation import correlated


@shared_task(name="distportal.events.run_job")
def run_job(job_id: str, **_: Any) -> None:
    """Look at one job row."""
    run(uuid.UUID(job_id))


@shared_task(name="distportal.events.relay_aggregate")
def relay_aggregate(aggregate_type: str, aggregate_id: str, **_: Any) -> None:
    """Look at one aggregate for all who wait for its events, and at others that wait."""
    relay_next(aggregate_type, aggregate_id)


@shared_task(name="distportal.events.relay_stream")
def relay_stream(_destination: str, aggregate_type: str, aggregate_id: str, **_: Any) -> None:
    """The same, as processes of the version before ask for it while a new one is rolled out."""
    relay_next(aggregate_type, aggregate_id)


@shared_task(name="distportal.events.tick")
def tick(name: str, seconds: float, **_: Any) -> None:
    """Enqueue the periodic job if its slot is still free."""
    with correlated():
        tick_once(name, seconds)
