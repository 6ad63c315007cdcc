"""Until when a case wants a first answer and a solution: by the calendar of its queue, without the time in which it
waited for somebody else.
"""

from __future__ import annotations

import datetime as dt

from distportal.calendars.queries import working_time
from distportal.calendars.wording import explained, moment
from distportal.calendars.working_time import WorkingTime
from distportal.common.remembering import remembered
from exceptions.models import Case
from exceptions.registry import case_kind

WARN_AT = 0.8
"""The part of the time after which a case is warned of."""


def calendar_of(case: Case) -> WorkingTime:
    """The working time of the team whose queue the case is in."""
    calendar_id = case.queue.calendar_id
    return remembered(("desk.calendar", calendar_id), lambda: working_time(calendar_id))


def start_clock(case: Case, now: dt.datetime) -> None:
    """The time begins; the caller saves."""
    case.clock_from, case.paused_at, case.paused_seconds = now, None, 0
    case.warned_at = case.escalated_at = case.responded_at = None
    set_due(case)


def set_due(case: Case) -> None:
    """Due times by the kind's agreement, the queue's calendar and the time that did not count; the caller saves."""
    if case.clock_from is None:
        return
    sla, calendar = case_kind(case.kind).sla, calendar_of(case)
    paused = dt.timedelta(seconds=case.paused_seconds)
    solution = dt.timedelta(minutes=sla.solution)
    case.first_due_at = calendar.after_hours(case.clock_from, dt.timedelta(minutes=sla.first_response) + paused)
    case.due_at = calendar.after_hours(case.clock_from, solution + paused)
    case.warn_at = calendar.after_hours(case.clock_from, solution * WARN_AT + paused)


def pause_clock(case: Case, now: dt.datetime) -> None:
    """From now on time does not count; the caller saves."""
    case.paused_at = case.paused_at or now


def resume_clock(case: Case, now: dt.datetime) -> None:
    """Time counts again; what went by meanwhile is put on the due times. The caller saves."""
    if case.paused_at is None:
        return
    case.paused_seconds += int(calendar_of(case).worked(case.paused_at, now).total_seconds())
    case.paused_at = None
    set_due(case)


def due_in_words(case: Case) -> str:
    """Why the case is due when it is: what was agreed, from when, by which calendar, and what did not count."""
    if case.clock_from is None or case.due_at is None:
        return "Nothing was agreed for it."
    sla, calendar = case_kind(case.kind).sla, calendar_of(case)
    said = explained(in_hours(sla.solution), case.clock_from, case.due_at, calendar)
    if case.paused_seconds:
        said += f"; {in_hours(case.paused_seconds // 60)} of waiting for others did not count"
    if case.paused_at:
        said += f"; the clock stands since {moment(case.paused_at.astimezone(calendar.zone), case.due_at)}"
    return said


def time_left(case: Case, now: dt.datetime) -> dt.timedelta | None:
    """Working time until the case is due, negative once it is over; what was left when it began to wait, while it
    waits.
    """
    if case.due_at is None:
        return None
    at, calendar = case.paused_at or now, calendar_of(case)
    if at <= case.due_at:
        return calendar.worked(at, case.due_at)
    return -calendar.worked(case.due_at, at)


def in_hours(minutes: int) -> str:
    """`45 business minutes`, `8 business hours`, `1 h 30 min of business time`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} business minutes"
    return f"{hours} h {rest} min of business time" if rest else f"{hours} business hours"
