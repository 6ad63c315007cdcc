"""Rules change on their day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from distportal.events.registry import job_handler
from distportal.governance.planning import apply_change, due_changes

JOB = "governance.apply"


@job_handler(JOB, lane="orders", quiet=True)
def apply_due_job(_: Mapping[str, Any]) -> None:
    """Begin and end what is due today, each change in a transaction of its own."""
    today = timezone.localdate()
    for pk in due_changes(today):
        apply_change(change_id=pk, on=today)
