"""Days as tests mean them: counted from the day on which the test runs, asked while it runs."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def ahead(days: int = 0) -> dt.date:
    """The day that many days from today; negative is before it."""
    return timezone.localdate() + dt.timedelta(days=days)


def stamp(days: int = 0) -> str:
    """The same as X12 writes it: CCYYMMDD."""
    return f"{ahead(days):%Y%m%d}"


def zone_of_another_day() -> str:
    """A zone in which it is another day now than in UTC: yesterday there until eleven, tomorrow from then on."""
    return "Etc/GMT+12" if timezone.now().astimezone(dt.UTC).hour < 11 else "Etc/GMT-14"
