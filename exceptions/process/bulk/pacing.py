"""How fast a run releases: so many a minute, and never more than a minute's worth that is not settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from exceptions.errors import ReasonMissing
from exceptions.models import BulkRun

FASTEST, USUAL = 600, 60
"""Releases a minute."""
BURST = dt.timedelta(seconds=5)
"""What a late look may make up for; more would be a burst at those who get it."""
LEAST_UNDER_WAY = 10
"""So many may always be under way, however slow the rate."""


def rate_of(form: Mapping[str, Any]) -> int:
    """The releases a minute that the form names. Raises ReasonMissing for what is no rate."""
    text = str(form.get("rate", "")).strip()
    rate = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    if not 1 <= rate <= FASTEST:
        raise ReasonMissing(f"say how many a minute, 1 to {FASTEST}; nothing was begun", field="rate")
    return rate


def release_moment(run: BulkRun, now: dt.datetime) -> dt.datetime:
    """When the next one may be released; lateness is made up for, but not more than a little."""
    return max(run.release_at or now, now - BURST)


def after_release(run: BulkRun, now: dt.datetime) -> dt.datetime:
    """When the one after the one that is released now may be."""
    return release_moment(run, now) + dt.timedelta(seconds=60 / run.rate)


def most_under_way(run: BulkRun) -> int:
    """So many may be tried again and not settled: what they go to is slow then, and the run waits for it."""
    return max(run.rate, LEAST_UNDER_WAY)
