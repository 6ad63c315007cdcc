"""What a case's page says of its urgency and its time, in words and figures."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from distportal.accounts.models import User
from exceptions.models import Case, Queue
from exceptions.process.clocks import due_in_words, time_left
from exceptions.process.grouping import cause_in_words
from exceptions.process.routines import routines_for
from exceptions.process.scoring import urgency_of
from exceptions.queries import open_cases


def told_of(case: Case) -> dict[str, Any]:
    """What the page's facts and buttons need; nobody and nothing to hand on to for a case that is over."""
    now = timezone.now()
    left = time_left(case, now) if case.is_open else None
    seconds = left.total_seconds() if left is not None else None
    return {
        "urgency": urgency_of(case, now),
        "due_words": due_in_words(case),
        "left": seconds,
        "late": -seconds if seconds is not None and seconds < 0 else None,
        "cause_words": cause_in_words(case),
        "siblings": open_cases().filter(group_key=case.group_key).exclude(pk=case.pk)[:99].count(),
        "routines": routines_for(case.kind) if case.is_open else (),
        "queues": Queue.objects.exclude(pk=case.queue_id) if case.is_open else (),
        "people": User.objects.filter(is_staff=True, is_active=True).order_by("name") if case.is_open else (),
    }
