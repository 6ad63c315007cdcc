"""The table of days is built every hour for the last days, and every night for as far back as facts come late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from distportal.events.choices import Level
from distportal.events.registry import job_handler
from distportal.measures.building import build_days
from distportal.measures.days import today
from distportal.measures.models import KpiDay

RECENT_DAYS = 3
LATE_DAYS = 62
"""Invoices, 997s and proofs of delivery come weeks after their order; after two months a day is left as it is."""


@job_handler("measures.build_recent", lane="bulk", stops_at=Level.SHED)
def build_recent_job(_: Mapping[str, Any]) -> None:
    """The last days; as far back as facts come late where nothing was built yet."""
    _build(RECENT_DAYS if KpiDay.objects.exists() else LATE_DAYS)


@job_handler("measures.build_late", lane="bulk", stops_at=Level.SHED)
def build_late_job(_: Mapping[str, Any]) -> None:
    """All days to which facts may still come."""
    _build(LATE_DAYS)


def _build(days: int) -> None:
    last = today()
    build_days(first=last - dt.timedelta(days=days - 1), last=last)
