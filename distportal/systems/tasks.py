"""The worker's side of cached reads; and what is noted of calls, which is no fact, goes after two weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from distportal.events.registry import job_handler
from distportal.events.retention import Retention, keep
from distportal.systems.cache.answers import known_read
from distportal.systems.cache.looking import REFRESH_JOB
from distportal.systems.cache.refreshing import refresh

keep(Retention(name="system_calls", table="systems_systemcall", age="ended_at", days=14))


@job_handler(REFRESH_JOB, lane="erp_read", max_attempts=2)
def refresh_job(payload: Mapping[str, Any]) -> None:
    """Ask for what was looked up."""
    read = known_read(payload["read"])
    if read is not None:  # a release that nobody reads it in any more needs no answer
        refresh(read, payload["keys"], connection=payload["connection"])
