"""End cases: with a word on why, by a person or by what settled them."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from distportal.events.clock import database_now
from exceptions.choices import CaseStatus, Resolution
from exceptions.errors import CaseChanged, ReasonMissing
from exceptions.models import Case
from exceptions.process.clocks import start_clock
from exceptions.process.entries import enter
from exceptions.process.facts import publish_case
from exceptions.process.outcomes import note_settled
from exceptions.registry import case_kind


@transaction.atomic
def resolve_case(*, case_id: UUID, resolution: Resolution, reason: str) -> Case:
    """The case, resolved. Raises ReasonMissing without a reason."""
    if not reason.strip():
        raise ReasonMissing("say why; nothing was done")
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("queue").get(pk=case_id)
    if case.is_open:
        _resolve(case, resolution, reason)
    return case


@transaction.atomic
def resolve_cases(*, subject_type: str, subject_id: str, resolution: Resolution, reason: str, code: str = "") -> int:
    """How many open cases of the subject (of one code, where given) were resolved."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True).filter(
        subject_type=subject_type, subject_id=subject_id, status__in=CaseStatus.OPEN
    )
    cases = list((rows.filter(code=code) if code else rows).select_related("queue").order_by("pk"))
    for case in cases:
        _resolve(case, resolution, reason)
    return len(cases)


@transaction.atomic
def reopen_case(*, case_id: UUID, reason: str) -> Case:
    """A case that was resolved too soon is open again, its clock begins anew. Raises ReasonMissing without a reason,
    CaseChanged for one that is open, or whose subject has another open case.
    """
    if not reason.strip():
        raise ReasonMissing("say why; nothing was done", field="reason")
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("queue").get(pk=case_id)
    if case.is_open:
        raise CaseChanged(f"{case} is open already; nothing was done")
    case.status, case.resolution, case.resolved_at = CaseStatus.REOPENED, "", None
    case.reopenings, case.version = case.reopenings + 1, case.version + 1
    start_clock(case, database_now())
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        raise CaseChanged("the same trouble has another open case; nothing was done, see that one") from error
    enter(case, "reopened", reason.strip())
    publish_case(case, "reopened")
    return case


def _resolve(case: Case, resolution: Resolution, reason: str) -> None:
    case.status, case.resolution, case.resolved_at = CaseStatus.RESOLVED, resolution, database_now()
    case.paused_at = case.remind_at = None
    case.version += 1
    case.save()
    if case_kind(case.kind).letter:
        note_settled(case, reason)
    enter(case, f"resolved: {Resolution(resolution).label.lower()}", reason)
    publish_case(case, "resolved")
