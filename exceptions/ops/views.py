"""One case: understand it, settle it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.common.versions import version_of
from distportal.web.audience import PersonRequest, audiences_of, staff_view
from exceptions.models import Case
from exceptions.ops.acts import case_acts
from exceptions.ops.coming_from import asked_before, case_address, words_before, words_of
from exceptions.ops.telling import told_of
from exceptions.process.cases import claim_case, comment_case
from exceptions.process.letters.redriving import ACTS, redrive
from exceptions.process.presence import look_at
from exceptions.queries.edits import waiting_edit
from exceptions.queries.listing import VIEWS
from exceptions.queries.runbooks import runbook_of
from exceptions.registry import case_kind, looks_at

TEAM = staff_view("agent", "operator", "finance")


@require_GET
@TEAM
def case(request: PersonRequest, number: int) -> HttpResponse:
    """One case with its panel, its runbook and what can be done."""
    return case_page(request, number)


def case_page(request: PersonRequest, number: int, refused: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page of the case; with a form of it that was `refused`, what was typed is in it again."""
    row = get_object_or_404(Case.objects.select_related("queue", "owner", "account", "routed_by"), number=number)
    kind = case_kind(row.kind)
    panel: dict[str, Any] = kind.panel_context(row, request) if kind.panel_context else {}
    asked = asked_before(request)
    shown = {
        "asked": asked, "view_words": words_of(asked), "view_name": VIEWS[asked.view],
        "case": row, "kind": kind, "entries": row.entries.all(), "runbook": runbook_of(row.kind), "told": told_of(row),
        "edit": waiting_edit(row) if kind.editor else None,
        "others": look_at(case_id=row.pk, user=request.user) if row.is_open else [],
    }  # fmt: skip
    context = {**shown, **panel, **_looks(row, request), **case_acts(row), **(refused or {})}
    return render(request, "exceptions/ops/case.html", context, status=422 if refused else 200)


def _looks(case: Case, request: PersonRequest) -> dict[str, Any]:
    """The ways to read the thing behind the case, and what the one that was asked for gives; others are not read."""
    groups = audiences_of(request)
    looks = [look for look in looks_at(case.subject_type) if not look.readers or look.readers & groups]
    chosen = next((look for look in looks if look.name == request.GET.get("look")), None)
    return {"looks": looks, "look": chosen, "look_at": chosen.find(case) if chosen else None}


@require_POST
@TEAM
def claim(request: PersonRequest, number: int) -> HttpResponse:
    """Take the case; back to where it was taken from."""
    row = get_object_or_404(Case, number=number)
    told = _told(
        request,
        number,
        lambda: f"{claim_case(case_id=row.pk, user=request.user, version=version_of(request.POST))} is yours now",
    )
    back = request.POST.get("next", "")
    return redirect(back) if url_has_allowed_host_and_scheme(back, {request.get_host()}) and back else told


@require_POST
@TEAM
def comment(request: PersonRequest, number: int) -> HttpResponse:
    """Write into the history."""
    row = get_object_or_404(Case, number=number)
    return _told(request, number, lambda: comment_case(case_id=row.pk, text=request.POST.get("text", "")) and "Noted")


@require_POST
@TEAM
def act(request: PersonRequest, number: int, action: str) -> HttpResponse:
    """Do one of the kind's actions."""
    row = get_object_or_404(Case, number=number)
    chosen = next((a for a in case_kind(row.kind).actions if a.name == action), None)
    if chosen is None:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    if chosen.needs_reason and not reason:
        messages.error(request, "Say why; nothing was done.")
        return redirect(case_address(number, words_before(request)))
    form = {name: str(value) for name, value in request.POST.items()}
    letter = case_kind(row.kind).letter
    way = next((way for way in ACTS if letter and letter.action_for(way) == action), "")
    if way:
        return _told(request, number, lambda: redrive(case_id=row.pk, act=way, reason=reason, user=request.user))
    return _told(request, number, lambda: chosen.run(row, form, reason, request.user), keep=_typed(form))


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    """What somebody typed into the editor, as words of the page's address: a refusal loses nothing of it."""
    typed = {name: value for name, value in form.items() if name.startswith("fix.")}
    return {"seen": form.get("version", ""), "dry_run": "1", **typed} if typed else {}


def _told(request: HttpRequest, number: int, work: Any, *, keep: Mapping[str, str] | None = None) -> HttpResponse:
    words = words_before(request)
    try:
        messages.success(request, str(work()))
    except DomainError as error:
        messages.error(request, error.message)
        more = f"{'&' if words else '?'}{urlencode(keep)}" if keep else ""
        return redirect(case_address(number, words) + more)
    return redirect(case_address(number, words))
