"""Calendars as they count: read whole, so that nothing is looked up while hours are added."""

from __future__ import annotations

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.conf import settings

from distportal.calendars.models import Calendar
from distportal.calendars.working_time import ALL_DAY, Span, SpecialDay, WorkingTime


def working_time(calendar_id: int | None = None) -> WorkingTime:
    """The calendar's working time, the default's without one, in three queries; weekdays where there is no default.

    Raises Calendar.DoesNotExist.
    """
    rows = Calendar.objects.prefetch_related("hours", "holidays")
    row = rows.get(pk=calendar_id) if calendar_id else rows.filter(is_default=True).first()
    if row is None:
        return _as_known(weekdays())
    week: dict[int, list[Span]] = defaultdict(list)
    for hours in row.hours.all():
        week[hours.weekday].append((hours.opens, hours.closes))
    special = {
        day.on: SpecialDay(name=day.name, spans=((day.opens, day.closes),) if day.opens and day.closes else ())
        for day in row.holidays.all()
    }
    return _as_known(WorkingTime(
        name=row.name, zone=ZoneInfo(row.time_zone), week=dict(week), special=special, mark=f"{row.pk}-{row.version}"
    ))  # fmt: skip


def _as_known(found: WorkingTime) -> WorkingTime:
    """The one that was read before, where nothing in it has changed: what it worked out of weeks and months holds."""
    known = _KNOWN.get(found.mark)
    if known != found:
        _KNOWN[found.mark] = known = found
    return known


_KNOWN: dict[str, WorkingTime] = {}
"""By mark of each calendar; there are as many as somebody has entered."""


def weekdays() -> WorkingTime:
    """What counts while nobody has entered a calendar: Monday to Friday all day, in the site's time zone."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return WorkingTime(name="weekdays", zone=zone, week=dict.fromkeys(range(1, 6), ALL_DAY), mark="weekdays")


class Calendars:
    """Calendars read once for one piece of work."""

    def __init__(self) -> None:
        self._read: dict[int | None, WorkingTime] = {}

    def of(self, *calendar_ids: int | None) -> WorkingTime:
        """The first calendar that is named (a partner's, then its account's), else the default."""
        wanted = next(filter(None, calendar_ids), None)
        if wanted not in self._read:
            self._read[wanted] = working_time(wanted)
        return self._read[wanted]
