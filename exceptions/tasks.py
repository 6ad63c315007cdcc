"""Work of the desk that nobody waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.events.errors import RetryLater
from distportal.events.registry import job_handler
from exceptions.process.bulk.paced import work_paced
from exceptions.process.bulk.running import BULK_JOB, PACED_JOB, work_run
from exceptions.process.incidents.watching import watch_incidents
from exceptions.process.letters.settling import watch_letters
from exceptions.process.watching import watch_cases


@job_handler("exceptions.watch_cases", lane="bulk", never_waits=True)
def watch(payload: Mapping[str, Any]) -> None:
    """Incidents first, so that what belongs to one does not shout; then reminders, warnings, escalation, urgency."""
    watch_incidents()
    watch_letters()
    watch_cases()


@job_handler(BULK_JOB, lane="orders", max_attempts=10)
def work_bulk_run(payload: Mapping[str, Any]) -> None:
    """One action on many cases."""
    work_run(run_id=UUID(payload["run"]))


@job_handler(PACED_JOB, lane="bulk", max_attempts=10, quiet=True)
def work_paced_run(payload: Mapping[str, Any]) -> None:
    """Dead letters tried again at a rate; it rests with its lane while the portal is pressed."""
    wait = work_paced(run_id=UUID(payload["run"]))
    if wait is not None:
        raise RetryLater("the next one is released when it is its turn", after=max(wait, 0.5), counts=False)
