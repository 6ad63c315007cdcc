"""What is asked about cases."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from distportal.accounts.models import User
from exceptions.choices import CaseStatus
from exceptions.models import Case, Queue

VIEWS = {"open": "All open", "mine": "Mine", "unowned": "Unowned", "resolved": "Resolved"}


def open_cases() -> QuerySet[Case]:
    """The cases that wait for somebody."""
    return Case.objects.filter(status__in=CaseStatus.OPEN)


def cases_in_view(*, view: str, queue: str, user: User) -> QuerySet[Case]:
    """The cases of a saved view, worst and oldest first; resolved ones newest first."""
    rows = Case.objects.select_related("queue", "owner", "account")
    if queue:
        rows = rows.filter(queue__code=queue)
    if view == "resolved":
        return rows.filter(status=CaseStatus.RESOLVED).order_by("-resolved_at")
    rows = rows.filter(status__in=CaseStatus.OPEN)
    if view == "mine":
        rows = rows.filter(owner=user)
    if view == "unowned":
        rows = rows.filter(owner=None)
    return rows.order_by("-severity", "created_at")


def queues_with_counts() -> QuerySet[Queue]:
    """All queues with the number of open cases as `open_cases`."""
    return Queue.objects.annotate(open_cases=Count("cases", filter=Q(cases__status__in=CaseStatus.OPEN)))


def open_case_count(groups: Collection[str]) -> int:
    """How many open cases wait for these staff groups."""
    return open_cases().filter(queue__group__in=groups).count()
