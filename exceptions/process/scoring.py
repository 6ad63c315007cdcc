"""Count the urgency of cases: when they are opened, and again when their cut-off comes nearer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from distportal.events.clock import database_now
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.process.clocks import start_clock
from exceptions.process.urgency import Urgency, count_urgency

BATCH = 500
_COUNTED = ["severity", "points", "rescore_at", "clock_from", "first_due_at", "due_at", "warn_at"]


def urgency_of(case: Case, now: dt.datetime) -> Urgency:
    """The urgency of the case as it stands."""
    return count_urgency(
        base=case.severity_base,
        amount=case.amount,
        tier=case.account.tier if case.account else "",
        cutoff_at=case.cutoff_at,
        now=now,
    )


def score(case: Case, now: dt.datetime) -> None:
    """Severity, points and the moment of the next count are set; the caller saves."""
    counted = urgency_of(case, now)
    case.severity, case.points, case.rescore_at = counted.severity, counted.points, counted.changes_at


@transaction.atomic
def rescore_due() -> int:
    """How many open cases were counted again because their cut-off has come a step nearer. Cases in between two steps
    are not read. `version` stays: a person who looks at the case loses nothing.
    """
    now = database_now()
    due = Case.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(
        status__in=CaseStatus.OPEN, rescore_at__lte=now
    )
    cases = list(due.select_related("account", "queue").order_by("rescore_at")[:BATCH])
    for case in cases:
        score(case, now)
        if case.clock_from is None:  # opened before the desk had clocks
            start_clock(case, case.created_at)
    Case.objects.bulk_update(cases, _COUNTED)
    return len(cases)
