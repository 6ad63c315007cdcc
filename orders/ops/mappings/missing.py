"""Codes that stopped real work: what waits for each, what it likely means, and the step that lets the work go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.systems.mapping.choices import Kind, MissingState
from distportal.systems.mapping.models import MissingCode, Waiting
from distportal.systems.mapping.queries import missing_codes
from distportal.systems.mapping.registry import scope_title, scope_titles, waiter
from distportal.systems.mapping.settling import ignore_code, map_code
from distportal.systems.mapping.suggesting import suggestions_for
from distportal.web.audience import PersonRequest
from distportal.web.paging import peeked_page
from orders.ops.mappings.audience import TEAM, may_change, want_change
from orders.ops.mappings.whose import among, offered, shown

SHOWN = 50


@require_GET
@TEAM
def missing_list(request: PersonRequest) -> HttpResponse:
    """The codes, those that most waits for first."""
    chosen = {name: request.GET.get(name, "").replace("\0", "") for name in ("q", "scope", "whose", "kind", "state")}
    state = chosen["state"] if chosen["state"] in MissingState.values else MissingState.OPEN
    narrowed = among(chosen["whose"], chosen["scope"])
    rows = missing_codes(state=state, text=chosen["q"], scopes=narrowed, kind=chosen["kind"])
    page = peeked_page(rows, request.GET.get("page"))
    titles = scope_titles({row.scope for row in page})
    for row in page:
        row.scope_title = titles.get(row.scope, row.scope)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "chosen": chosen,
        "state": state,
        "states": MissingState.choices,
        "filtered": any(chosen[name] for name in ("q", "scope", "whose", "kind")),
        "scopes": offered(),
        "whose": shown(chosen["whose"], chosen["scope"]),
        "kinds": Kind.choices,
    }
    return render(request, "orders/ops/mappings/missing.html", context)


@require_GET
@TEAM
def missing_code(request: PersonRequest, pk: int) -> HttpResponse:
    """One code."""
    row = get_object_or_404(MissingCode, pk=pk)
    waiting = row.waiting.select_related("account").order_by("seen_at", "pk")
    context: dict[str, Any] = {
        "code": row,
        "scope_title": scope_title(row.scope),
        "suggestions": suggestions_for(row) if row.state != MissingState.MAPPED else [],
        "waiting": [(one, _address(one)) for one in waiting[:SHOWN]],
        "works": waiting.count(),
        "may_change": may_change(request, row.scope),
    }
    return render(request, "orders/ops/mappings/code.html", context)


@require_POST
@TEAM
def map_missing(request: PersonRequest, pk: int) -> HttpResponse:
    """Map the code; what waits goes on."""
    row = get_object_or_404(MissingCode, pk=pk)
    want_change(request, row.scope)
    code = request.POST.get("pick", "") or request.POST.get("code", "")
    until = request.POST.get("valid_until", "").strip()

    def work() -> str:
        last = dt.date.fromisoformat(until) if until else None
        done = map_code(missing_id=pk, code=code, reason=request.POST.get("reason", ""), valid_until=last)
        return f"{done} is {done.answer} from now on; {row.waiting.count()} pieces of work go on"

    return _told(request, pk, work)


@require_POST
@TEAM
def ignore_missing(request: PersonRequest, pk: int) -> HttpResponse:
    """Leave the code unmapped."""
    row = get_object_or_404(MissingCode, pk=pk)
    want_change(request, row.scope)
    return _told(
        request,
        pk,
        lambda: f"{ignore_code(missing_id=pk, reason=request.POST.get('reason', ''))} is listed no more",
    )


def _address(one: Waiting) -> str:
    known = waiter(one.subject_type)
    return known.address(one.subject_id) if known else ""


def _told(request: PersonRequest, pk: int, work: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, work())
    except DomainError as error:
        messages.error(request, error.message)
    except ValueError:
        messages.error(request, "The last day is no date such as 2027-01-31; nothing was saved.")
    return redirect("mappings:code", pk=pk)
