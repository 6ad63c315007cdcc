"""Invoices and credit memos: the list with its totals, one document beside its paper, and the paper itself."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, may, shared_view
from distportal.web.columns import offer_columns
from distportal.web.cursors import CursorPage, cursor_page, first_page
from orders.documents.invoice_sheet import file_name, invoice_pdf
from orders.models import Invoice
from orders.portal.downloads import csv_answer, pdf_answer
from orders.portal.money_account import account_of
from orders.process.dispute_window import dispute_window
from orders.process.exports import HEADING, invoice_table
from orders.queries.invoice_checks import line_checks
from orders.queries.invoice_list import (
    INVOICE_TABS,
    MOST_LISTED,
    InvoiceFilter,
    first_invoices,
    invoices_in,
    orders_looked_at,
)
from orders.queries.listing import disputable, invoices_of, listed_invoices
from orders.queries.payments import listed, payments_of
from orders.queries.receivables import AGES, receivables_of

offer_columns(
    "invoices",
    {3: _("Order"), 4: _("Due"), 5: _("Issued"), 6: _("Total"), 7: _("Open"), 8: _("State")},
    ours={4: _("Account")},
)


@require_GET
@shared_view(Act.VIEW_INVOICES)
def index(request: PersonRequest) -> HttpResponse:
    """The list by tab, age and search, with what is owed above it."""
    wanted, today, account = InvoiceFilter.of(request.GET.dict()), timezone.localdate(), account_of(request)
    page = _shown(request, wanted, request.GET.get("cursor", ""), today)
    context = {
        "page": page,
        "rows": listed(page.rows),
        "tabs": INVOICE_TABS,
        "wanted": wanted,
        "query": urlencode(wanted.query),
        "age_label": AGES.get(wanted.age, ""),
        "totals": receivables_of(account, today=today) if account else [],
        "today": today,
        "picked": request.GET.getlist("pick"),
        "may_dispute": not request.user.is_staff and may(request, Act.DISPUTE),
        "orders_looked_at": orders_looked_at(request.user, wanted),
        "filtered": bool(wanted.age or wanted.text or wanted.tab != "all"),
    }
    return render(request, "orders/portal/invoices.html", context)


def _shown(request: PersonRequest, wanted: InvoiceFilter, cursor: str, today: dt.date) -> CursorPage[Invoice]:
    user, keys = request.user, ["issued_on", "number"]
    plain = wanted == InvoiceFilter(tab=wanted.tab) and not cursor
    if plain and user.standing is not None and not user.is_staff:
        found = first_invoices(user.standing.account.pk, wanted.tab, today=today)
        return first_page(found, keys=keys, size=MOST_LISTED)
    rows = listed_invoices(invoices_in(user, wanted, today=today), accounts=user.is_staff)
    return cursor_page(rows, cursor, keys=keys, size=MOST_LISTED)


@require_GET
@shared_view(Act.VIEW_INVOICES)
def table(request: PersonRequest) -> HttpResponseBase:
    """All that the filter shows, as CSV; it is sent while it is read."""
    wanted = InvoiceFilter.of(request.GET.dict())
    rows = invoices_in(request.user, wanted, today=timezone.localdate(), whole=True)
    found = rows.select_related("order").defer("canonical").iterator(chunk_size=500)
    return csv_answer(HEADING, invoice_table(found), f"invoices-{wanted.age or wanted.tab}.csv")


@require_GET
@shared_view(Act.VIEW_INVOICES)
def detail(request: PersonRequest, number: str) -> HttpResponse:
    """One document with what was billed beside what was agreed and sent."""
    rows = invoices_of(user=request.user).select_related("shipment", "corrects")
    invoice = get_object_or_404(rows, number=number)
    open_to_dispute, shipment = disputable(invoice), invoice.shipment
    context = {
        "invoice": invoice,
        "shown": listed([invoice], by_what=True)[0],
        "payments": payments_of(invoice),
        "checks": line_checks(invoice),
        "proofs": shipment.proofs.all() if shipment else [],
        "disputes": invoice.disputes.all(),
        "may_dispute": open_to_dispute and may(request, Act.DISPUTE),
        "window": dispute_window(invoice, today=timezone.localdate()) if open_to_dispute else None,
        "contact": settings.FINANCE_CONTACT,
    }
    return render(request, "orders/portal/invoice.html", context)


@require_GET
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF], "object-src": [SELF]})
@shared_view(Act.VIEW_INVOICES)
def pdf(request: PersonRequest, number: str) -> HttpResponse:
    """The paper; shown beside the lines, or kept with `?save=1`."""
    rows = Invoice.objects.visible_to(request.user).select_related("account", "order__ship_to", "shipment", "corrects")
    invoice = get_object_or_404(rows.prefetch_related("lines__item"), number=number)
    return pdf_answer(invoice_pdf(invoice), file_name(invoice), shown="save" not in request.GET)
