"""Work of the desk that nobody waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.events.registry import job_handler
from exceptions.process.bulk.running import BULK_JOB, work_run
from exceptions.process.incidents.watching import watch_incidents
from exceptions.process.watching import watch_cases


@job_handler("exceptions.watch_cases", lane="bulk", never_waits=True)
def watch(payload: Mapping[str, Any]) -> None:
    """Incidents first, so that what belongs to one does not shout; then reminders, warnings, escalation, urgency."""
    watch_incidents()
    watch_cases()


@job_handler(BULK_JOB, lane="orders", max_attempts=10)
def work_bulk_run(payload: Mapping[str, Any]) -> None:
    """One action on many cases."""
    work_run(run_id=UUID(payload["run"]))
