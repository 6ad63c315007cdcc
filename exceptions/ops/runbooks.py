"""Runbooks: read all, change one for this site, see who changed what."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import Queue
from exceptions.process.runbooks import LONGEST, edit_runbook
from exceptions.queries.runbooks import Runbook, runbook_history, runbook_of
from exceptions.registry import case_kind, case_kinds

TEAM = staff_view("agent", "operator", "finance")


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """All kinds with what is agreed for them."""
    names = dict(Queue.objects.values_list("code", "name"))
    rows = [
        (kind, names.get(kind.queue, kind.queue), _hours(kind.sla.first_response), _hours(kind.sla.solution))
        for kind in case_kinds()
    ]
    return render(request, "exceptions/ops/runbooks.html", {"rows": rows})


def _hours(minutes: int) -> str:
    """`45 min`, `2 h`, `1 h 30 min` of business time."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


@require_http_methods(["GET", "POST"])
@TEAM
def runbook(request: PersonRequest, kind: str) -> HttpResponse:
    """One runbook with its history; a changed text is shown as it would be before it is saved."""
    if kind not in {known.kind for known in case_kinds()}:
        raise Http404
    text, status = request.POST.get("text", ""), 200
    if request.method == "POST" and request.POST.get("save"):
        try:
            edit_runbook(kind=kind, text=text, version=_version(request), reason=request.POST.get("reason", ""))
        except DomainError as error:
            messages.error(request, error.message)
            status = 409 if error.code == "case_changed" else 422
        else:
            messages.success(request, "The runbook is changed; the version before is kept")
            return redirect("desk:runbook", kind=kind)
    now = runbook_of(kind)
    context = {
        "kind": case_kind(kind), "runbook": now, "history": runbook_history(kind),
        "typed": text[:LONGEST] if request.method == "POST" else now.text, "reason": request.POST.get("reason", ""),
        "preview": Runbook(kind=kind, text=text).html if request.method == "POST" else "",
    }  # fmt: skip
    return render(request, "exceptions/ops/runbook.html", context, status=status)


def _version(request: PersonRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
