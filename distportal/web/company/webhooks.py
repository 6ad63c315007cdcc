"""Webhooks of a company, beside its API keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.company.pages import company_page
from distportal.web.webhooks.acts import Frame
from distportal.web.webhooks.endpoint_pages import endpoint_pages
from distportal.web.webhooks.forms import EndpointForm
from distportal.webhooks.models import Endpoint

MINE = dealer_view(Act.MANAGE_KEYS)


def _page(request: PersonRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return company_page(request, f"webhook_{name}", context, tab="webhooks", status=status)


def _owner(request: PersonRequest, endpoint_id: UUID) -> Endpoint:
    row = Endpoint.objects.select_related("account").filter(account=request.account, pk=endpoint_id).first()
    if row is None:
        raise Http404
    return row


FRAME = Frame(page=_page, one="company:webhook", every="company:webhooks", owner=_owner)


def _index(request: PersonRequest, form: EndpointForm, status: int = 200) -> HttpResponse:
    rows = Endpoint.objects.filter(account=request.account)
    return _page(request, "list", {"endpoints": rows, "form": form}, status)


@require_GET
@MINE
def index(request: PersonRequest) -> HttpResponse:
    """All of the company, and the form for another one."""
    return _index(request, EndpointForm())


@require_POST
@MINE
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: PersonRequest) -> HttpResponseBase:
    """Another one. Whoever has not proved who they are lately does it first."""
    form = EndpointForm(request.POST)
    return FRAME.make(request, request.account, form, _index) if form.is_valid() else _index(request, form, 422)


ENDPOINT = endpoint_pages(FRAME, MINE)
