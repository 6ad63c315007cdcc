"""Why a due time is what it is, in a sentence for people."""

from __future__ import annotations

import datetime as dt

from distportal.calendars.working_time import SpecialDay, WorkingTime

_MOST_NAMED = 3


def explained(span: str, start: dt.datetime, due: dt.datetime, calendar: WorkingTime) -> str:
    """`span` is what was agreed, such as "3 business days": "3 business days from Wed 25 Nov 15:00, Thu 26 Nov is a
    holiday (Thanksgiving Day) → Tue 1 Dec 17:00 (US office, America/Chicago)".
    """
    start, due = start.astimezone(calendar.zone), due.astimezone(calendar.zone)
    first, last = sorted((start, due))
    days = [day for day in sorted(calendar.special) if calendar.day_of(first) < day <= calendar.day_of(last)]
    notes = [_note(day, calendar.special[day]) for day in days[:_MOST_NAMED]]
    if len(days) > _MOST_NAMED:
        notes.append(f"{len(days) - _MOST_NAMED} more special days")
    if start.utcoffset() != due.utcoffset():
        notes.append("the clocks change in between")
    word = "from" if due >= start else "before"
    said = ", ".join([f"{span} {word} {moment(start, due)}", *notes])
    return f"{said} → {moment(due, start)} ({calendar.name}, {calendar.zone.key})"


def moment(at: dt.datetime, other: dt.datetime) -> str:
    """`Tue 1 Dec 17:00`, with the year where it is another one than that of `other`."""
    year = f" {at.year}" if at.year != other.year else ""
    return f"{at:%a} {at.day} {at:%b}{year} {at:%H:%M}"


def _note(day: dt.date, special: SpecialDay) -> str:
    named = f"{day:%a} {day.day} {day:%b}"
    if not special.spans:
        return f"{named} is a holiday ({special.name})"
    hours = " and ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in special.spans)
    return f"{named} is short, {hours} ({special.name})"
