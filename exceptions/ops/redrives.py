"""A run of dead letters as it stands: what it would do, how far it is, and pausing, resuming and ending it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from distportal.common.errors import DomainError
from distportal.events.pressure import waits
from distportal.events.registry import job_kind
from distportal.web.audience import PersonRequest, staff_view
from exceptions.choices import BulkState, ItemState
from exceptions.models import BulkItem, BulkRun
from exceptions.ops.runs import run_of
from exceptions.process.bulk.paced import cancel_run, pause_run, resume_run
from exceptions.process.bulk.pacing import FASTEST, USUAL, most_under_way
from exceptions.process.bulk.running import PACED_JOB
from exceptions.process.letters.redriving import foresee

TEAM = staff_view("agent", "operator")
_OUTCOMES = {"would": "Would be tried again", "over": "Needs nothing", "not_possible": "Not possible"}


def dry_run(run: BulkRun, act: str) -> dict[str, Any]:
    """What the run would do to each of its cases now, counted; nothing is written."""
    items = list(run.items.select_related("case__owner", "case__account"))
    verdicts = foresee(cases=[item.case for item in items], act=act)
    told: dict[int, tuple[str, str]] = {}
    for item in items:
        verdict = verdicts[item.case_id]
        outcome, words = verdict.outcome, verdict.told
        if not item.case.is_open or item.case.version != item.version:
            outcome, words = "over", "will be left alone: somebody worked on it since"
        told[item.pk] = (_OUTCOMES[outcome], words)
    return {"told": told, "foreseen": sorted(Counter(word for word, _ in told.values()).items(), reverse=True)}


def progress_of(run: BulkRun, counts: dict[str, int]) -> dict[str, Any]:
    """What the page says of a run of dead letters beside its items."""
    kind = job_kind(PACED_JOB)
    under_way = counts.get(ItemState.RELEASED, 0)
    return {
        "under_way": under_way,
        "held_back": run.state == BulkState.RUNNING and under_way >= most_under_way(run),
        "rests": run.state == BulkState.RUNNING and kind is not None and waits(kind),
        "entries": run.entries.all(),
        "usual": USUAL,
        "fastest": FASTEST,
    }


def csv_of(item: BulkItem, run: BulkRun) -> list[str]:
    """One line of the result file: what it was, what became of it, who wanted it and why."""
    case = item.case
    return [
        str(case), case.kind, str(case.data.get("kind", "")), case.reference, case.account.code if case.account else "",
        item.get_state_display(), item.told, run.label, run.by.email, run.reason,
    ]  # fmt: skip


CSV = ["case", "kind", "work", "reference", "account", "outcome", "told", "act", "by", "why"]


@require_POST
@TEAM
def pause(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """Release nothing more for now."""
    return _do(request, run_id, lambda run: pause_run(run_id=run.pk), "Paused: what was released goes on")


@require_POST
@TEAM
def resume(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """Go on at the run's rate."""
    return _do(request, run_id, lambda run: resume_run(run_id=run.pk), "It goes on")


@require_POST
@TEAM
def cancel(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """Leave the rest as it is."""
    reason = request.POST.get("reason", "")
    return _do(
        request, run_id, lambda run: cancel_run(run_id=run.pk, reason=reason), "Cancelled: the rest stays as it is"
    )


def _do(request: PersonRequest, run_id: UUID, work: Callable[[BulkRun], object], told: str) -> HttpResponse:
    run = run_of(request, run_id)
    try:
        work(run)
        messages.success(request, told)
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("desk:bulk", run_id=run.pk)
