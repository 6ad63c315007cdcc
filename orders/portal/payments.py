"""Payments as their payers told them, and which documents each was for."""

from __future__ import annotations

import uuid

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, shared_view
from distportal.web.paging import peeked_page
from orders.choices import RemittanceState
from orders.models import Remittance, RemittanceLine
from orders.queries.sought import fits_number, sees_all, sought


def _visible(request: PersonRequest) -> QuerySet[Remittance]:
    rows = Remittance.objects.visible_to(request.user).filter(state=RemittanceState.APPLIED)
    return rows.select_related("account").defer("canonical").order_by("-paid_on", "-recorded_at", "pk")


@require_GET
@shared_view(Act.VIEW_INVOICES)
def index(request: PersonRequest) -> HttpResponse:
    """The list, the newest first, by trace number or by a document that was paid."""
    text = request.GET.get("q", "").strip()[:60]
    rows = _visible(request)
    if text:
        few = not sees_all(request.user)
        paying = RemittanceLine.objects.visible_to(request.user).filter(number__iexact=text).order_by()
        fits = fits_number(text, few=few, field="trace")
        rows = sought(rows, exactly=[Q(pk__in=paying.values("remittance"))], fits=fits, along=few)
    of_row = RemittanceLine.objects.filter(remittance=OuterRef("pk")).order_by()
    counted = of_row.values("remittance").annotate(n=Count("pk")).values("n")  # asked for the rows of the page alone
    page = peeked_page(rows.annotate(documents=Coalesce(Subquery(counted), 0)), request.GET.get("page"))
    return render(request, "orders/portal/payments.html", {"page": page, "q": text})


@require_GET
@shared_view(Act.VIEW_INVOICES)
def detail(request: PersonRequest, payment_id: uuid.UUID) -> HttpResponse:
    """One payment with each of its lines, what it did, and the disputes over what was kept back."""
    payment = get_object_or_404(_visible(request), pk=payment_id)
    lines = payment.lines.select_related("invoice").prefetch_related("disputes")
    return render(request, "orders/portal/payment.html", {"payment": payment, "lines": lines})
