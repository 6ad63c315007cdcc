"""When a document is due by its rule and its partner's calendar, with the words for it; planned again when either
changes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from distportal.calendars.errors import NoWorkingTime
from distportal.calendars.queries import Calendars
from distportal.calendars.wording import explained
from distportal.calendars.working_time import WorkingTime
from edi.models import DeadlineRule, DueDocument, TradingPartner


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The facts of a due document that come from its rule and calendar; `counted_at` is what they are counted from."""

    counted_at: dt.datetime
    due_at: dt.datetime
    warn_at: dt.datetime
    explanation: str
    calendar_mark: str


def calendar_of(partner: TradingPartner, calendars: Calendars) -> WorkingTime:
    """The partner's own calendar, else its account's, else the default."""
    return calendars.of(partner.calendar_id, partner.account.calendar_id if partner.account else None)


def plan(rule: DeadlineRule, start: dt.datetime, working: WorkingTime) -> Plan:
    """The plan. A calendar without any working time counts like the clock, and the words say so."""
    hours = dt.timedelta(seconds=float(rule.hours * 3600))
    try:
        if rule.days:
            due = working.after_days(start, rule.days)
        elif rule.business_days:
            due = working.after_hours(start, hours)
        else:
            due = (start.astimezone(dt.UTC) + hours).astimezone(working.zone)
        words = explained(rule.span, start, due, working) if rule.in_working_time else ""
    except NoWorkingTime as error:
        due = (start.astimezone(dt.UTC) + hours + dt.timedelta(days=rule.days)).astimezone(working.zone)
        words = f"{error.message} All hours were counted instead."
    return Plan(
        counted_at=start,
        due_at=due,
        warn_at=due - dt.timedelta(seconds=float(rule.warn_hours * 3600)),
        explanation=words[:400],
        calendar_mark=working.mark,
    )


def plan_again(row: DueDocument, working: WorkingTime) -> bool:
    """Whether the row is due at another time now that its partner's calendar is another. Rows that no calendar has a
    say in stay.
    """
    if row.calendar_mark == working.mark or row.counted_at is None or not row.rule.in_working_time:
        return False
    fresh, before = plan(row.rule, timezone.localtime(row.counted_at), working), row.due_at
    row.due_at, row.warn_at, row.explanation = fresh.due_at, fresh.warn_at, fresh.explanation
    row.calendar_mark = fresh.calendar_mark
    row.save(update_fields=["due_at", "warn_at", "explanation", "calendar_mark"])
    return row.due_at != before
