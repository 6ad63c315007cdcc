"""What is asked about cases."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from exceptions.choices import CaseStatus
from exceptions.models import Case


def open_cases() -> QuerySet[Case]:
    """The cases that wait for somebody."""
    return Case.objects.filter(status__in=CaseStatus.OPEN)


def open_case_count(groups: Collection[str]) -> int:
    """How many open cases wait for these staff groups."""
    return open_cases().filter(queue__group__in=groups).count()
