"""The tables of cross references: look one up, change it where it stands, take them all as a file."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError, NotFound
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.editing import Mapping, end_mapping, save_mapping
from distportal.systems.mapping.errors import BadMapping
from distportal.systems.mapping.exporting import mapping_lines
from distportal.systems.mapping.queries import VALIDITIES, open_missing_count, reference_scope, references
from distportal.systems.mapping.registry import scope_titles
from distportal.web.audience import PersonRequest, audiences_of
from distportal.web.paging import peeked_page
from orders.ops.mappings.audience import TEAM, want_change
from orders.ops.mappings.whose import among, meant, offered, shown

FILTERS = ("q", "scope", "whose", "kind", "validity")


@require_GET
@TEAM
def table(request: PersonRequest) -> HttpResponse:
    """A page of cross references; `edit` opens one row for changing."""
    chosen = _chosen(request.GET)
    page = peeked_page(_rows(chosen), request.GET.get("page"))
    titles = scope_titles({row.scope for row in page})
    for row in page:
        row.scope_title = titles.get(row.scope, row.scope)
    edit = request.GET.get("edit", "")
    context: dict[str, Any] = {
        "page": page,
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "scopes": offered(),
        "whose": shown(chosen["whose"], chosen["scope"]),
        "kinds": Kind.choices,
        "validities": VALIDITIES.items(),
        "edit": int(edit) if edit.isdecimal() and len(edit) < 18 else 0,
        "missing": open_missing_count(),
        "today": timezone.localdate(),
        "operator": "operator" in audiences_of(request),
        "query": urlencode({name: value for name, value in chosen.items() if value}),
    }
    return render(request, "orders/ops/mappings/table.html", context)


@require_GET
@TEAM
def export(request: PersonRequest) -> StreamingHttpResponse:
    """What the filters show, as CSV."""
    lines = mapping_lines(_rows(_chosen(request.GET)).iterator(chunk_size=2000))
    name = f"code-mappings-{timezone.localdate()}.csv"
    return StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_POST
@TEAM
def save(request: PersonRequest) -> HttpResponse:
    """Store a new mapping, or the changed one."""
    form = request.POST
    given = form.get("reference", "")
    reference = int(given) if given.isdecimal() and len(given) < 18 else None
    try:
        scope = meant(form)
        for one in {scope, reference_scope(reference) if reference else ""} - {""}:
            want_change(request, one)
        row = save_mapping(mapping=_mapping(form, scope), reference_id=reference)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{row} from now on")
    return _back(request)


@require_POST
@TEAM
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """The mapping holds no longer."""
    want_change(request, reference_scope(pk))
    try:
        row = end_mapping(reference_id=pk, reason=request.POST.get("reason", ""))
    except (BadMapping, NotFound) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{row} no longer")
    return _back(request)


def _rows(chosen: dict[str, str]) -> Any:
    return references(
        text=chosen["q"],
        scopes=among(chosen["whose"], chosen["scope"]),
        kind=chosen["kind"],
        validity=chosen["validity"],
    )


def _chosen(query: QueryDict) -> dict[str, str]:
    return {name: query.get(name, "").replace("\0", "") for name in FILTERS}


def _mapping(form: QueryDict, scope: str) -> Mapping:
    kind, theirs, ours, reason = (form.get(name, "").strip() for name in ("kind", "theirs", "ours", "reason"))
    return Mapping(
        scope=scope,
        kind=kind,
        theirs=theirs,
        ours=ours,
        valid_from=_day(form.get("valid_from", "")),
        valid_until=_day(form.get("valid_until", "")),
        reason=reason,
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise BadMapping(f"{text!r} is no date such as 2027-01-31; nothing was saved.") from error


def _back(request: PersonRequest) -> HttpResponse:
    """To the table as it was filtered."""
    place = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()}, require_https=False)
    return redirect(place if safe and place.startswith("/") else reverse("mappings:table"))
