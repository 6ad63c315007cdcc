"""Do a bulk run item by item: each in a transaction with its outcome, so that a crash repeats and skips nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from distportal.common.errors import DomainError
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.observability.actor import acting
from exceptions.choices import BulkState, CaseStatus, ItemState
from exceptions.errors import CaseChanged, ReasonMissing
from exceptions.models import BulkItem, BulkRun, Case
from exceptions.process.bulk.pacing import rate_of
from exceptions.process.bulk.steps import BulkStep, moment_of, open_case_of, person_of, step_called
from exceptions.process.outcomes import note_run

BULK_JOB, PACED_JOB = "exceptions.bulk", "exceptions.redrive"
_PUT_BACK = ("owner_id", "status", "queue_id", "remind_at", "paused_at", "paused_seconds", "first_due_at", "due_at",
             "warn_at", "responded_at", "group_key", "group_by_hand")  # fmt: skip


def begin_run(*, run_id: UUID, form: Mapping[str, str], reason: str) -> BulkRun:
    """The run is on its way. Raises CaseChanged if it was begun before, which its history tells; ReasonMissing or
    NoSuchPlace for a form that says too little: nothing is begun then.
    """
    try:
        return _begin(run_id, form, reason)
    except CaseChanged as error:
        note_run(BulkRun.objects.get(pk=run_id), "asked again", error.message)
        raise


@transaction.atomic
def _begin(run_id: UUID, form: Mapping[str, str], reason: str) -> BulkRun:
    run = BulkRun.objects.select_for_update(of=("self",), no_key=True).select_related("by").get(pk=run_id)
    if run.state != BulkState.CHOSEN:
        raise CaseChanged(f"this was begun before: {run.get_state_display().lower()}")
    step = step_called(run.action)
    run.form = {name: str(form.get(name, ""))[:300] for name in step.asks if name != "reason"}
    run.reason = reason.strip()[:300]
    _check(step, run)
    run.state, run.started_at = BulkState.RUNNING, database_now()
    run.rate, run.release_at = (rate_of(form), run.started_at) if step.act else (0, None)
    run.save()
    note_run(run, "began", f"{run.reason}, {run.rate} a minute" if step.act else run.reason)
    enqueue_job(PACED_JOB if step.act else BULK_JOB, key=str(run.pk), payload={"run": str(run.pk)})
    return run


def work_run(*, run_id: UUID) -> BulkRun:
    """Every item that waits is done or told why not; then the run is done."""
    run = BulkRun.objects.select_related("by").get(pk=run_id)
    if run.state != BulkState.RUNNING:
        return run
    step = step_called(run.action)
    with acting(run.by.email):
        for pk in run.items.filter(state=ItemState.WAITING).order_by("pk").values_list("pk", flat=True):
            do_item(pk, step, run)
    BulkRun.objects.filter(pk=run.pk, state=BulkState.RUNNING).update(state=BulkState.DONE, ended_at=database_now())
    run.refresh_from_db()
    return run


@transaction.atomic
def do_item(item_id: int, step: BulkStep, run: BulkRun) -> ItemState:
    """What became of the item, which it had before if it was done before."""
    item = BulkItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item_id)
    if item.state != ItemState.WAITING:
        return ItemState(item.state)
    try:
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=item.case_id)
            )
            if not case.is_open or case.version != item.version:
                raise CaseChanged("it changed after it was chosen; nothing was done to it")
            item.before = {name: _plain(getattr(case, name)) for name in _PUT_BACK}
            item.told, item.state = step.do(case, item.version, run)[:300], ItemState.DONE
            item.version_after, status = Case.objects.values_list("version", "status").get(pk=case.pk)
            if step.act and status != CaseStatus.RESOLVED:
                item.state = ItemState.RELEASED if status == CaseStatus.RESUBMITTED else ItemState.AGAIN
    except DomainError as error:
        item.told, item.state = error.message[:300], ItemState.FAILED
    item.save()
    return ItemState(item.state)


def _check(step: BulkStep, run: BulkRun) -> None:
    if "until" in step.asks and moment_of(run.form) is None:
        raise ReasonMissing("say until when; nothing was begun", field="until")
    if "person" in step.asks:
        person_of(run.form)
    if "case" in step.asks:
        open_case_of(run.form)
    if (step.name in ("move", "comment") or step.act) and not run.reason:
        raise ReasonMissing("say why; nothing was begun", field="reason")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
