"""What happens to open cases as time goes by: reminders, warnings, escalation. Each happens once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from distportal.common.remembering import remembering
from distportal.events.clock import database_now
from exceptions.choices import CaseStatus, Severity
from exceptions.models import Case
from exceptions.process.clocks import set_due
from exceptions.process.entries import enter
from exceptions.process.facts import publish_case
from exceptions.process.handling import bring_back
from exceptions.process.scoring import rescore_due, score

BATCH = 200
_RUNNING = tuple(status for status in CaseStatus.OPEN if status not in CaseStatus.PAUSED)


def watch_cases() -> dict[str, int]:
    """How many cases came back, were warned of, were escalated and were counted again; a batch of each."""
    with remembering():
        return {
            "reminded": bring_back_due(),
            "warned": warn_due(),
            "escalated": escalate_due(),
            "rescored": rescore_due(),
        }


@transaction.atomic
def bring_back_due() -> int:
    """Cases that were put aside until now are worked on again."""
    now = database_now()
    cases = list(_locked(CaseStatus.ASIDE).filter(remind_at__lte=now).order_by("remind_at")[:BATCH])
    for case in cases:
        bring_back(case, now, "reminded", f"{case.get_status_display()} until now")
    return len(cases)


@transaction.atomic
def warn_due() -> int:
    """Cases of whose time four fifths are over are marked, and others are told. `version` stays."""
    now = database_now()
    cases = list(_locked(_RUNNING).filter(warn_at__lte=now, warned_at=None).order_by("warn_at")[:BATCH])
    for case in cases:
        enter(case, "warned", "four fifths of its time are over")
        publish_case(case, "warned")
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(warned_at=now)
    return len(cases)


@transaction.atomic
def escalate_due() -> int:
    """Cases that nobody took in time, or that nobody has any more when four fifths of their time are over, become one
    step more urgent and go where their queue escalates to.
    """
    now = database_now()
    late = Q(first_due_at__lte=now, responded_at=None) | Q(warn_at__lte=now) & ~Q(status=CaseStatus.SNOOZED)
    cases = list(_locked(_RUNNING).filter(late, owner=None, escalated_at=None).order_by("first_due_at")[:BATCH])
    for case in cases:
        _escalate(case, now)
    return len(cases)


def _escalate(case: Case, now: dt.datetime) -> None:
    before, case.escalated_at = case.queue, now
    case.severity_base = min(case.severity_base + 1, Severity.URGENT)
    case.queue = before.escalates_to or before
    score(case, now)
    if case.queue != before:
        set_due(case)
    case.version += 1
    case.save()
    where = f", now in {case.queue}" if case.queue != before else ""
    told = "nobody has it any more" if case.responded_at else "nobody took it in time"
    enter(case, "escalated", f"{told}{where}")
    publish_case(case, "escalated")


def _locked(statuses: tuple[str, ...]) -> QuerySet[Case]:
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(status__in=statuses)
    return rows.select_related("queue__escalates_to", "account")
