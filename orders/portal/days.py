"""What the calendar says of a day that a dealer wants something on."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext

from distportal.accounts.models import Account
from distportal.calendars.queries import Calendars


def day_off(account: Account, day: dt.date | None) -> str:
    """A sentence where nobody works on the day, with the next day on which somebody does; else nothing."""
    if day is None:
        return ""
    calendar = Calendars().of(account.calendar_id)
    if calendar.works_on(day):
        return ""
    special = calendar.special.get(day)
    nearest = next((day + dt.timedelta(days=n) for n in range(1, 31) if calendar.works_on(day + dt.timedelta(n))), None)
    said = {
        "day": date_format(day, "D j M"),
        "why": special.name if special else gettext("no working day"),
        "next": date_format(nearest, "D j M") if nearest else "",
    }
    if not nearest:
        return gettext("%(day)s: %(why)s.") % said
    return gettext("%(day)s: %(why)s; the next working day is %(next)s.") % said
