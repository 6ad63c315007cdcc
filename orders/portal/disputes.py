"""The list of disputes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, shared_view
from distportal.web.paging import peeked_page
from orders.models import Dispute


@require_GET
@shared_view(Act.VIEW_INVOICES)
def index(request: PersonRequest) -> HttpResponse:
    """All disputes, the newest first."""
    rows = Dispute.objects.visible_to(request.user).select_related("invoice", "account", "credit_memo")
    page = peeked_page(rows.defer("invoice__canonical").order_by("-number"), request.GET.get("page"))
    return render(request, "orders/portal/disputes.html", {"page": page})
