"""The day of a moment as this site counts days."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def site_day(moment: dt.datetime) -> dt.date:
    """The day it is at the site at that moment, in TIME_ZONE: prices, offers, deadlines and papers are judged by it,
    whoever reads them and wherever.
    """
    return moment.astimezone(timezone.get_default_timezone()).date()
