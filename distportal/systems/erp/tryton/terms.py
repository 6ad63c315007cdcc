"""When an invoice is due: the last line of Tryton's payment term, worked out from its steps."""

from __future__ import annotations

import calendar
import datetime as dt

from distportal.systems.erp.tryton.http import Record


def due_on(term: Record | None, issued_on: dt.date) -> dt.date:
    """The day on which the last part falls due; without a term at once."""
    if not term:
        return issued_on
    return max((_after(issued_on, line["relativedeltas"]) for line in term["lines"]), default=issued_on)


def _after(day: dt.date, steps: list[Record]) -> dt.date:
    for step in steps:
        day = _months_later(day, step["months"] or 0)
        day += dt.timedelta(days=step["days"] or 0, weeks=step["weeks"] or 0)
    return day


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
