"""A case that waits for the dealer is worked on again as soon as the dealer answers."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from distportal.events.clock import database_now
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.process.handling import bring_back


@transaction.atomic
def take_up_answered(*, subject_type: str, subject_id: str, by: str) -> int:
    """How many cases of the record that was written about were waiting for the dealer; each is back in its queue, with
    whom it belonged to, and its clock runs again.
    """
    about = Q(subject_type=subject_type, subject_id=subject_id)
    if subject_type == "case":
        about = Q(pk=subject_id)
    rows = Case.objects.select_for_update(of=("self",), no_key=True).select_related("queue")
    waiting = list(rows.filter(about, status=CaseStatus.WAITING_DEALER).order_by("pk"))
    now = database_now()
    for case in waiting:
        bring_back(case, now, "answered", f"{by} wrote; see the messages")
    return len(waiting)
