"""The days that a report is of, as words of its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dateparse import parse_date

CHOICES = (7, 30, 90)
USUAL, MOST_DAYS = 30, 366


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of the first day to the end of the last one, in the site's time zone."""

    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, query: Mapping[str, str], *, today: dt.date | None = None) -> Period:
        """From `days` (until today) or `from` and `until`; what means nothing is the last 30 days, and no period is
        longer than 366 days or ends after today.
        """
        today = today or timezone.localdate()
        until = min(_day(query.get("until", "")) or today, today)
        first, days = _day(query.get("from", "")), query.get("days", "")
        if first is None:
            known = int(days) if days.isascii() and days.isdecimal() and len(days) < 4 else USUAL
            first = until - dt.timedelta(days=max(known, 1) - 1)
        first = min(max(first, until - dt.timedelta(days=MOST_DAYS - 1)), until)
        return cls(first, until)

    @property
    def start(self) -> dt.datetime:
        """The first moment."""
        return timezone.make_aware(dt.datetime.combine(self.first, dt.time.min))

    @property
    def end(self) -> dt.datetime:
        """The first moment that is not in it any more."""
        return timezone.make_aware(dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time.min))

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[dt.date]:
        """Each of its days."""
        return [self.first + dt.timedelta(days=n) for n in range(self.length)]


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None
