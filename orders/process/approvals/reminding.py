"""Who may approve is reminded before a request ends: twice at the most, and in working hours."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from distportal.calendars.queries import Calendars
from distportal.calendars.working_time import WorkingTime
from distportal.events.clock import database_now
from orders.choices import ApprovalState
from orders.models import ApprovalRequest
from orders.process.approvals.rows import publish_request

BATCH = 200
HALF, LAST = 1, 2
"""The stages: half of the time is over, and the last working hours have begun."""
LAST_HOURS = dt.timedelta(hours=8)


def remind_approvers() -> int:
    """How many requests were reminded of now. Nobody is outside of the working hours of the company's calendar, else of
    the site's; a stage that came by then is told when work begins, and of two that came only the last.
    """
    now, calendars, told = database_now(), Calendars(), 0
    rows = ApprovalRequest.objects.filter(state=ApprovalState.ASKED, reminded__lt=LAST, expires_at__gt=now)
    columns = rows.order_by("expires_at").values_list("pk", "asked_at", "expires_at", "reminded", "account__calendar")
    for pk, asked_at, expires_at, reminded, calendar_id in columns[:BATCH]:
        calendar = calendars.of(calendar_id)
        stage = _stage(calendar, now, asked_at, expires_at)
        if stage > reminded and _works(calendar, now):
            told += _remind(pk, stage)
    return told


def _stage(calendar: WorkingTime, now: dt.datetime, asked_at: dt.datetime, expires_at: dt.datetime) -> int:
    if now >= calendar.after_hours(expires_at, -LAST_HOURS):
        return LAST
    return HALF if now >= asked_at + (expires_at - asked_at) / 2 else 0


def _works(calendar: WorkingTime, now: dt.datetime) -> bool:
    return any(begin <= now < end for begin, end in calendar.spans_on(now.astimezone(calendar.zone).date()))


@transaction.atomic
def _remind(pk: UUID, stage: int) -> bool:
    """Whether it was this call that did: of two at once one finds the stage still open."""
    waits = ApprovalRequest.objects.filter(pk=pk, state=ApprovalState.ASKED, reminded__lt=stage)
    if not waits.update(reminded=stage, updated_at=database_now()):
        return False
    request = ApprovalRequest.objects.select_related("account").get(pk=pk)
    publish_request(request, "approval.reminded")
    return True
