"""A case is talked about on the record that it stands for, where a dealer has one; else in a thread of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from distportal.threads.subjects import Subject, add_subject, subject_named
from exceptions.models import Case


def of_case(case: Case) -> Subject | None:
    """The subject of the case's record, so that the dealer reads it there. None for a case of no account."""
    if case.account is None:
        return None
    record = subject_named(case.subject_type, case.subject_id)
    if record is not None and record.account.pk == case.account_id:
        return record
    return Subject(
        kind="case", id=str(case.pk), account=case.account, label=_("Question %(number)s") % {"number": case},
        correlation_id=case.correlation_id, ours_first=True,
    )  # fmt: skip


add_subject("case", Case, of_case)
