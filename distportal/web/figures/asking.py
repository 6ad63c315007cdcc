"""What the words of an address ask of the figures; one that means nothing asks for nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress

from distportal.measures.days import MOST_DAYS, today
from distportal.measures.reading import Asked
from distportal.web.audience import staff_view

TEAM = staff_view("agent", "operator", "finance")
SPANS = (7, 30, 90)


def asked_days(query: Mapping[str, str]) -> int:
    """One of the spans."""
    return next((days for days in SPANS if query.get("days") == str(days)), SPANS[1])


def asked_figures(query: Mapping[str, str]) -> Asked:
    """The last days, for a partner or part where one is named."""
    return Asked.of_days(asked_days(query), partner=query.get("partner", "")[:60], part=query.get("part", "")[:60])


def asked_rows(query: Mapping[str, str]) -> Asked:
    """From one day to another, today where none is named; at most a year."""
    last = _day(query.get("last", "")) or today()
    first = min(_day(query.get("first", "")) or last, last)
    first = max(first, last - dt.timedelta(days=MOST_DAYS - 1))
    return Asked(first=first, last=last, partner=query.get("partner", "")[:60], part=query.get("part", "")[:60])


def _day(text: str) -> dt.date | None:
    with suppress(ValueError):
        found = dt.date.fromisoformat(text)
        # years before and after have no moments in every time zone
        return found if 1900 < found.year < 9000 else None
    return None
