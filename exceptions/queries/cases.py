"""What is asked about cases."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import CharField, QuerySet

from distportal.common.among import Among
from distportal.common.marks import A_CODE, A_TEXT, MORE_TEXTS
from distportal.common.prepared import PreparedCount, PreparedValues
from exceptions.choices import CaseStatus
from exceptions.models import Case


def open_cases() -> QuerySet[Case]:
    """The cases that wait for somebody."""
    return Case.objects.filter(status__in=CaseStatus.OPEN)


def open_subjects(*, subject_type: str, subject_ids: Collection[str], code: str) -> set[str]:
    """Those of the subjects that have an open case of the code."""
    return {subject_id for (subject_id,) in _OPEN_SUBJECTS(subject_type, code, list(subject_ids))}


_OPEN_SUBJECTS = PreparedValues(
    lambda of, code, ids: (
        open_cases()
        .filter(Among("subject_id", ids, of=CharField()), subject_type=of, code=code)
        .values_list("subject_id")
    ),
    A_CODE,
    A_TEXT,
    MORE_TEXTS,
)
OPEN_OF = PreparedCount(
    lambda groups: open_cases().filter(Among("queue__group", groups, of=CharField())), [A_CODE], most=None
)
"""How many open cases wait for a list of staff groups."""
