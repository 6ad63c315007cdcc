"""Change calendars: bring in holidays, and say that what was planned by them is to be planned again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from distportal.calendars.lists import Day
from distportal.calendars.models import Calendar, Holiday


@transaction.atomic
def add_holidays(*, calendar_id: int, days: Sequence[Day]) -> int:
    """How many days are new or other than they were. Days that are not named stay as they are."""
    known = {row.on: row for row in Holiday.objects.filter(calendar_id=calendar_id)}
    changed = [
        day
        for day in days
        if day.on not in known
        or (known[day.on].name, known[day.on].opens, known[day.on].closes) != (day.name, day.opens, day.closes)
    ]
    Holiday.objects.bulk_create(
        [Holiday(calendar_id=calendar_id, on=d.on, name=d.name, opens=d.opens, closes=d.closes) for d in changed],
        update_conflicts=True,
        unique_fields=["calendar", "on"],
        update_fields=["name", "opens", "closes"],
    )
    if changed:
        note_changed(calendar_id=calendar_id)
    return len(changed)


@transaction.atomic
def note_changed(*, calendar_id: int) -> None:
    """Whoever planned by the calendar plans again."""
    Calendar.objects.filter(pk=calendar_id).update(version=F("version") + 1)


@transaction.atomic
def make_default(*, calendar_id: int) -> None:
    """This calendar counts for all who name none, and no other does."""
    Calendar.objects.filter(is_default=True).exclude(pk=calendar_id).update(is_default=False)
    Calendar.objects.filter(pk=calendar_id).update(is_default=True)
