"""Periodic work of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from distportal.events.registry import job_handler
from exceptions.process.watching import watch_cases


@job_handler("exceptions.watch_cases", lane="bulk", never_waits=True)
def watch(payload: Mapping[str, Any]) -> None:
    """Reminders, warnings, escalation, urgency."""
    watch_cases()
