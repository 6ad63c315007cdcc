"""What is asked about cases of EDI subjects."""

from __future__ import annotations

from exceptions.choices import CaseStatus
from exceptions.models import Case


def has_open_case(*, subject_type: str, subject_id: str) -> bool:
    """Whether somebody was already told."""
    return Case.objects.filter(subject_type=subject_type, subject_id=subject_id, status__in=CaseStatus.OPEN).exists()
