"""The work that requests ask for, and how long a finished export lies there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.accounts.personal import DataClass
from distportal.events.registry import job_handler
from distportal.events.retention import Retention, keep
from distportal.personal.requests import JOB, carry_out

keep(
    Retention(
        name="personal_exports", table="personal_personalrequest", clock="asked_at", data_class=DataClass.CONTENT,
        age="CASE WHEN content IS NOT NULL THEN done_at END", days=7, wipe="content = NULL, size = 0",
    )
)  # fmt: skip


@job_handler(JOB, lane="bulk", max_attempts=3)
def carry_out_job(payload: Mapping[str, Any]) -> None:
    """Export or erase."""
    carry_out(request_id=UUID(payload["request"]))
