"""The message monitor: every document in both directions, by filters, search and saved views."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest
from distportal.web.paging import peeked_page
from edi.choices import AckState, Direction, DocumentState
from edi.documents.registry import DOCUMENTS
from edi.ops.audience import READ, works_with_edi
from edi.process.saved_views import drop_view, save_view
from edi.queries.cases import open_edi_cases
from edi.queries.documents import TA1
from edi.queries.listing import (
    DAYS,
    FILTERS,
    VIEW_PARAMETERS,
    awaited_acks,
    documents_in_view,
    partners,
    saved_views,
    waiting_files,
)

USAGES = (("P", "Production"), ("T", "Test"))


@require_GET
@READ
def documents(request: PersonRequest) -> HttpResponse:
    """Both directions, by filters and search, all of it in the address."""
    chosen = {name: request.GET.get(name, "") for name in (*FILTERS, *DAYS)}
    text = request.GET.get("q", "")
    views = list(saved_views(request.user))
    asked = {key: values[-1] for key, values in request.GET.lists() if key in VIEW_PARAMETERS and values[-1]}
    context = {
        "page": peeked_page(
            documents_in_view(user=request.user, chosen=chosen, text=text), request.GET.get("page"), size=50
        ),
        "chosen": chosen,
        "q": text,
        "partners": partners(),
        "set_ids": [*DOCUMENTS, TA1],
        "directions": Direction.choices,
        "states": DocumentState.choices,
        "ack_states": AckState.choices,
        "usages": USAGES,
        "filtered": bool(asked),
        "views": views,
        "view": next((v for v in views if {k: x[-1] for k, x in parse_qs(v.query).items()} == asked), None),
        "query": urlencode(asked),
        "cases": open_edi_cases(),
        "waiting": waiting_files(),
        "awaited": awaited_acks(),
        "works": works_with_edi(request),
    }
    return render(request, "edi/ops/documents.html", context)


@require_POST
@READ
def keep_view(request: PersonRequest) -> HttpResponse:
    """Save what is looked at under a name."""
    query = request.POST.get("query", "")
    try:
        view = save_view(user=request.user, name=request.POST.get("name", ""), query=query)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        query = view.query
        messages.success(request, f"The view {view} is kept")
    return redirect(f"{reverse('edi:documents')}?{QueryDict(query).urlencode()}")


@require_POST
@READ
def forget_view(request: PersonRequest, view_id: int) -> HttpResponse:
    """Drop a view of one's own."""
    try:
        drop_view(user=request.user, view_id=view_id)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("edi:documents")
