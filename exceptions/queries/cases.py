"""What is asked about cases."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import CharField, QuerySet

from distportal.common.among import Among
from distportal.common.marks import A_CODE
from distportal.common.prepared import PreparedCount
from exceptions.choices import CaseStatus
from exceptions.models import Case


def open_cases() -> QuerySet[Case]:
    """The cases that wait for somebody."""
    return Case.objects.filter(status__in=CaseStatus.OPEN)


def open_subjects(*, subject_type: str, subject_ids: Collection[str], code: str) -> set[str]:
    """Those of the subjects that have an open case of the code."""
    rows = open_cases().filter(subject_type=subject_type, subject_id__in=subject_ids, code=code)
    return set(rows.values_list("subject_id", flat=True))


OPEN_OF = PreparedCount(
    lambda groups: open_cases().filter(Among("queue__group", groups, of=CharField())), [A_CODE], most=None
)
"""How many open cases wait for a list of staff groups."""
