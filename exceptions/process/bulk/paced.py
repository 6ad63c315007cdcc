"""Release a run of dead letters one by one at its rate; it can be paused, resumed and cancelled between any two."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.observability.actor import acting
from exceptions.choices import BulkState, ItemState
from exceptions.errors import CaseChanged, ReasonMissing
from exceptions.models import BulkRun
from exceptions.process.bulk.pacing import after_release, most_under_way, release_moment
from exceptions.process.bulk.running import PACED_JOB, do_item
from exceptions.process.bulk.steps import step_called
from exceptions.process.outcomes import note_run

LOOK_AGAIN = 3.0
"""Seconds until the next look while too many are under way."""
AT_ONCE = 20.0
"""Seconds of work at one go; others of the lane want their turn."""


def work_paced(*, run_id: UUID) -> float | None:
    """Seconds until the run wants to go on; None once it is done, paused or cancelled.

    Each release is one transaction with its outcome and the moment of the next one, so that a crash repeats and skips
    nothing.
    """
    until = time.monotonic() + AT_ONCE
    with acting(BulkRun.objects.select_related("by").get(pk=run_id).by.email):
        while True:
            wait = _release_next(run_id)
            if wait is None or wait > 0 or time.monotonic() > until:
                return wait


@transaction.atomic
def _release_next(run_id: UUID) -> float | None:
    run, now = _locked(run_id), database_now()
    if run.state != BulkState.RUNNING:
        return None
    item = run.items.filter(state=ItemState.WAITING).order_by("pk").first()
    if item is None:
        run.state, run.ended_at = BulkState.DONE, now
        run.save(update_fields=["state", "ended_at"])
        note_run(run, "released the last")
        return None
    if run.items.filter(state=ItemState.RELEASED).count() >= most_under_way(run):
        return LOOK_AGAIN
    moment = release_moment(run, now)
    if moment > now:
        return (moment - now).total_seconds()
    if do_item(item.pk, step_called(run.action), run) != ItemState.FAILED:
        run.release_at = after_release(run, now)  # what could not be done takes no turn
        run.save(update_fields=["release_at"])
    return 0.0


@transaction.atomic
def pause_run(*, run_id: UUID) -> BulkRun:
    """Nothing more is released until somebody resumes it. Raises CaseChanged where it does not run."""
    run = _in(run_id, BulkState.RUNNING)
    return _moved(run, BulkState.PAUSED, "paused")


@transaction.atomic
def resume_run(*, run_id: UUID) -> BulkRun:
    """It goes on where it was paused, at its rate. Raises CaseChanged where it is not paused."""
    run = _in(run_id, BulkState.PAUSED)
    run.release_at = database_now()
    enqueue_job(PACED_JOB, key=str(run.pk), payload={"run": str(run.pk)})
    return _moved(run, BulkState.RUNNING, "resumed")


@transaction.atomic
def cancel_run(*, run_id: UUID, reason: str) -> BulkRun:
    """What was not released is left as it is; what was goes on. Raises CaseChanged for a run that ended, and
    ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing("say why; the run goes on as it was")
    run = _in(run_id, BulkState.RUNNING, BulkState.PAUSED)
    run.items.filter(state=ItemState.WAITING).update(
        state=ItemState.CANCELLED, told="the run was cancelled before its turn; nothing was done to it"
    )
    run.ended_at = database_now()
    return _moved(run, BulkState.CANCELLED, "cancelled", reason.strip())


def _locked(run_id: UUID) -> BulkRun:
    return BulkRun.objects.select_for_update(of=("self",), no_key=True).select_related("by").get(pk=run_id)


def _in(run_id: UUID, *states: BulkState) -> BulkRun:
    run = _locked(run_id)
    if run.state not in states or not step_called(run.action).act:
        raise CaseChanged(f"it is {run.get_state_display().lower()}; nothing was done")
    return run


def _moved(run: BulkRun, state: BulkState, action: str, text: str = "") -> BulkRun:
    run.state = state
    run.save(update_fields=["state", "release_at", "ended_at"])
    note_run(run, action, text)
    return run
