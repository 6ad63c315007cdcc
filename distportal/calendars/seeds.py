"""The demo's calendar: an office in Chicago with the public holidays of this year and the next."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from distportal.calendars.lists import national_holidays
from distportal.calendars.models import Calendar, WorkingHours
from distportal.calendars.process import add_holidays


@transaction.atomic
def seed_calendar() -> None:
    """The default calendar is there; running it again changes nothing but adds a new year's holidays."""
    row, fresh = Calendar.objects.get_or_create(
        code="us-office", defaults={"name": "US office", "time_zone": "America/Chicago"}
    )
    if fresh:
        WorkingHours.objects.bulk_create(
            WorkingHours(calendar=row, weekday=day, opens=dt.time(8), closes=dt.time(17)) for day in range(1, 6)
        )
        if not Calendar.objects.filter(is_default=True).exists():
            Calendar.objects.filter(pk=row.pk).update(is_default=True)
    year = timezone.localdate().year
    add_holidays(calendar_id=row.pk, days=national_holidays("US", "", (year, year + 1)))
