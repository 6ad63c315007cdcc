"""Days of the site: where one begins and ends, in its own time zone."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from distportal.common.site_day import site_day

MOST_DAYS = 366


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of the day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()), timezone.get_default_timezone())


def today() -> dt.date:
    """The day it is at the site."""
    return site_day(timezone.now())


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """All days from the first to the last, both included."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
