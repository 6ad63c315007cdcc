"""One action on many cases: choose, look, do, read the result, take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.models import User
from distportal.common.csv_lines import csv_lines
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, staff_view
from exceptions.choices import BulkState, ItemState
from exceptions.errors import CaseChanged
from exceptions.models import BulkItem, BulkRun, Case, Queue
from exceptions.ops.queue import queue_address
from exceptions.ops.redrives import CSV, csv_of, dry_run, progress_of
from exceptions.ops.refusals import refused
from exceptions.ops.runs import run_of
from exceptions.process.bulk.choosing import choose_cases
from exceptions.process.bulk.running import begin_run
from exceptions.process.bulk.steps import BulkStep, step_called
from exceptions.process.bulk.undoing import undo_run
from exceptions.queries.listing import Asked, cases_asked

TEAM = staff_view("agent", "operator", "finance")
SAMPLE, SHOWN = 10, 200


@require_POST
@TEAM
def choose(request: PersonRequest) -> HttpResponse:
    """Freeze the ticked cases, or all that the view shows now where that was asked for."""
    asked = Asked.of(request.POST)
    ticks = [int(text) for text in request.POST.getlist("pick") if text.isascii() and text.isdecimal()][:2_001]
    everything = request.POST.get("all") == "1"
    cases = cases_asked(asked, request.user) if everything else Case.objects.filter(number__in=ticks)
    said = f"All that match: {asked}" if everything else "Ticked one by one"
    try:
        run = choose_cases(cases=cases, action=request.POST.get("action", ""), said=said, user=request.user)
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect(queue_address(asked))
    return redirect("desk:bulk", run_id=run.pk)


@require_GET
@TEAM
def bulk(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """The run as it stands: what it would do, how far it is, or what became of each case."""
    return _page(request, run_of(request, run_id))


def _page(request: PersonRequest, run: BulkRun, kept: Mapping[str, Any] | None = None) -> HttpResponse:
    step = step_called(run.action)
    items = run.items.select_related("case__owner", "case__account")
    counts = dict(run.items.order_by("state").values_list("state").annotate(Count("pk")))
    begun = run.state != BulkState.CHOSEN
    would = dry_run(run, step.act) if step.act and not begun else {}
    context = {
        **would, **(progress_of(run, counts) if step.act else {}),
        "run": run, "step": step, "total": sum(counts.values()), "begun": begun,
        "counts": [(label, counts[value]) for value, label in ItemState.choices if value in counts],
        "done": sum(counts.values()) - counts.get(ItemState.WAITING, 0),
        "items": [
            (item, would["told"][item.pk] if would else ("", _would(item, run, step)))
            for item in items[: SHOWN if begun or step.act else SAMPLE]
        ],
        "running": run.state == BulkState.RUNNING,
        "looks_again": run.state == BulkState.RUNNING or counts.get(ItemState.RELEASED, 0) > 0,
        "can_undo": run.state == BulkState.DONE and step.can_undo and counts.get(ItemState.DONE, 0) > 0,
        "queues": Queue.objects.all(),
        "people": User.objects.filter(is_staff=True, is_active=True).order_by("name"),
    }  # fmt: skip
    return render(request, "exceptions/ops/bulk.html", {**context, **(kept or {})}, status=422 if kept else 200)


@require_POST
@TEAM
def run_bulk(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """Begin it, once; what was typed into a form that says too little stays."""
    run = run_of(request, run_id)
    form = {name: str(value) for name, value in request.POST.items()}
    try:
        begin_run(run_id=run.pk, form=form, reason=form.get("reason", ""))
    except CaseChanged as error:
        messages.error(request, error.sentence)
    except DomainError as error:
        return _page(request, run, refused(request, "run", error))
    return redirect("desk:bulk", run_id=run.pk)


@require_POST
@TEAM
def undo(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """Take back what nobody has worked on since."""
    run = run_of(request, run_id)
    try:
        undo_run(run_id=run.pk)
        messages.success(request, "Taken back; what somebody worked on since stays, the list says which")
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("desk:bulk", run_id=run.pk)


@require_GET
@TEAM
def result(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """What became of each case, as CSV."""
    run = run_of(request, run_id)
    items = run.items.select_related("case__account").iterator(chunk_size=500)
    if step_called(run.action).act:
        lines = csv_lines(CSV, (csv_of(item, run) for item in items))
    else:
        rows = ([str(i.case), i.case.reference, i.get_state_display(), i.told] for i in items)
        lines = csv_lines(["case", "reference", "outcome", "told"], rows)
    answer = HttpResponse("\ufeff" + "".join(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases-{run.created_at:%Y%m%d-%H%M}.csv"'
    return answer


def _would(item: BulkItem, run: BulkRun, step: BulkStep) -> str:
    """What would come of the item if the run began now."""
    if item.state != ItemState.WAITING:
        return item.told
    if not item.case.is_open:
        return "Will be left alone: it was resolved since"
    if item.case.version != item.version:
        return "Will be left alone: somebody worked on it since"
    if not step.fits(item.case):
        return "Will be left alone: it is not for cases of this kind"
    if run.action == "claim" and item.case.owner and item.case.owner != run.by:
        return f"Ok; it is {item.case.owner}'s now"
    return "Ok"
