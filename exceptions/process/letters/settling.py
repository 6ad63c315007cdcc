"""Cases of dead work end by themselves: done after a second try, or the same done otherwise. And one case each."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from distportal.events.burying import tell_delivery_dead, tell_job_dead
from distportal.events.choices import DeliveryState, JobState
from distportal.events.errors import NotDead
from distportal.events.models import Job, OutboxDelivery
from distportal.events.reviving import discard_delivery, discard_job
from exceptions.choices import CaseStatus, Resolution
from exceptions.models import Case
from exceptions.process.closing import resolve_case, resolve_cases
from exceptions.queries import open_cases
from exceptions.queries.standings import OVER, jobs_of

BATCH = 200
_SETTLED = "its case was closed by a person"


def settle_letter(subject_type: str, subject_id: str) -> None:
    """What was tried again is done: its case ends in the same transaction."""
    resolve_cases(
        subject_type=subject_type, subject_id=subject_id, code="dead", resolution=Resolution.BY_EVENT,
        reason="it was tried again and succeeded",
    )  # fmt: skip


def watch_letters() -> dict[str, int]:
    """How many cases ended because the same work was done otherwise, and how many dead rows got their missing case;
    a batch of each.
    """
    return {"superseded": end_superseded(), "mended": mend_jobs() + mend_deliveries()}


def end_superseded() -> int:
    """Dead jobs whose like was done since are left undone, and their cases end."""
    cases = list(open_cases().filter(kind="dead.job").order_by("number")[:BATCH])
    ended = 0
    for case_id, standing in jobs_of(cases).items():
        if standing.state == OVER:
            ended += _end(case_id, standing.told)
    return ended


@transaction.atomic
def _end(case_id: UUID, told: str) -> int:
    case = Case.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(
        pk=case_id, status__in=CaseStatus.OPEN
    ).first()  # fmt: skip
    if case is None:
        return 0
    try:
        end_done_otherwise(case, told)
    except NotDead:  # somebody had it tried again in this moment
        return 0
    return 1


def end_done_otherwise(case: Case, told: str) -> None:
    """The case ends because the same work was done, or waits. As `leave_superseded`."""
    leave_superseded(case, told)
    resolve_case(case_id=case.pk, resolution=Resolution.BY_EVENT, reason=told)


def leave_superseded(case: Case, reason: str) -> None:
    """A job that is dead still, though its like was done or waits, is left undone: none is dead once its case ends.
    The caller holds the case's lock. Raises NotDead for a job that is tried again at this moment.
    """
    if case.subject_type == "job" and Job.objects.filter(pk=case.subject_id, state=JobState.DEAD).exists():
        discard_job(job_id=UUID(case.subject_id), reason=reason)


def mend_jobs() -> int:
    """Dead jobs without an open case: one that a person had settled is left undone, another gets its case."""
    rows = Job.objects.filter(state=JobState.DEAD).filter(~_has_case("job"))
    return sum(_mend_job(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def mend_deliveries() -> int:
    """The same of deliveries; what was parked behind one that a person had settled goes on."""
    rows = OutboxDelivery.objects.filter(state=DeliveryState.DEAD).filter(~_has_case("delivery"))
    return sum(_mend_delivery(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _mend_job(job_id: UUID) -> int:
    row = Job.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=job_id, state=JobState.DEAD).first()
    if row is not None and _was_settled("job", str(job_id)):
        discard_job(job_id=job_id, reason=_SETTLED)
    elif row is not None:
        tell_job_dead(row, row.last_error)
    return int(row is not None)


@transaction.atomic
def _mend_delivery(delivery_id: int) -> int:
    rows = OutboxDelivery.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).select_related("event")
    row = rows.filter(pk=delivery_id, state=DeliveryState.DEAD).first()
    if row is not None and _was_settled("delivery", str(delivery_id)):
        discard_delivery(delivery_id=delivery_id, reason=_SETTLED)
    elif row is not None:
        tell_delivery_dead(row, row.last_error)
    return int(row is not None)


def _has_case(subject_type: str) -> Exists:
    subject = Cast(OuterRef("pk"), CharField())
    return Exists(open_cases().filter(subject_type=subject_type, subject_id=subject))


def _was_settled(subject_type: str, subject_id: str) -> bool:
    return Case.objects.filter(subject_type=subject_type, subject_id=subject_id).exists()
