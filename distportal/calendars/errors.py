"""Why a calendar cannot be counted with, or a list of holidays not be read."""

from __future__ import annotations

from distportal.common.errors import Invalid


class NoWorkingTime(Invalid):
    """The calendar has no working time in the years that are looked at."""

    code = "no_working_time"


class UnreadableHolidays(Invalid):
    """Some lines or words name no day; nothing was stored. `data["lines"]` are the sentences."""

    code = "unreadable_holidays"
