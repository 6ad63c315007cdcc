"""Webhooks of all companies and of the house, for our own people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.choices import StaffGroup
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.paging import peeked_page
from distportal.web.webhooks.acts import Frame
from distportal.web.webhooks.endpoint_pages import endpoint_pages
from distportal.web.webhooks.forms import EndpointForm
from distportal.webhooks.choices import EndpointState
from distportal.webhooks.models import Endpoint

MINE = staff_view(StaffGroup.OPERATOR)


def _page(request: PersonRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"web/webhooks/{name}.html", context, status=status)


def _owner(request: PersonRequest, endpoint_id: UUID) -> Endpoint:
    row = Endpoint.objects.select_related("account").filter(pk=endpoint_id).first()
    if row is None:
        raise Http404
    return row


FRAME = Frame(page=_page, one="webhooks:one", every="webhooks:index", owner=_owner)


def _index(request: PersonRequest, form: EndpointForm, status: int = 200) -> HttpResponse:
    rows = Endpoint.objects.select_related("account").order_by("state", "name", "pk")
    text, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(url__icontains=text) | Q(account__code__iexact=text))
    if state in EndpointState.values:
        rows = rows.filter(state=state)
    page = peeked_page(rows, request.GET.get("page"))
    context = {"page": page, "form": form, "q": text, "state": state, "states": EndpointState.choices}
    return _page(request, "list", context, status)


@require_GET
@MINE
def index(request: PersonRequest) -> HttpResponse:
    """All of them, and the form for one of the house."""
    return _index(request, EndpointForm())


@require_POST
@MINE
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: PersonRequest) -> HttpResponseBase:
    """Another one of the house: it gets the events of all companies."""
    form = EndpointForm(request.POST)
    return FRAME.make(request, None, form, _index) if form.is_valid() else _index(request, form, 422)


ENDPOINT = endpoint_pages(FRAME, MINE)
