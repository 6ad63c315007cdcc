"""Disputes: the list, opening one by line, and how far one is."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view, shared_view
from distportal.web.paging import peeked_page
from orders.choices import DisputeReason
from orders.models import Dispute, Invoice, ProofOfDelivery
from orders.portal.dispute_steps import steps_of
from orders.portal.forms import DisputeForm
from orders.process.dispute_evidence import evidence_for
from orders.process.dispute_filing import Wanted, computed_claim, default_quantity, file_dispute
from orders.process.dispute_window import dispute_window
from orders.queries.invoice_checks import LineCheck, line_checks


@require_GET
@shared_view(Act.VIEW_INVOICES)
def index(request: PersonRequest) -> HttpResponse:
    """All disputes, the newest first."""
    rows = Dispute.objects.visible_to(request.user).select_related("invoice", "account", "credit_memo")
    page = peeked_page(rows.defer("invoice__canonical").order_by("-number"), request.GET.get("page"))
    return render(request, "orders/portal/disputes.html", {"page": page})


@require_http_methods(["GET", "POST"])
@dealer_view(Act.DISPUTE)
def new(request: PersonRequest, number: str) -> HttpResponse:
    """Lines, reason, what each comes to and what the claim needs. A GET works out, only a POST opens."""
    rows = Invoice.objects.visible_to(request.user).select_related("account", "order", "shipment")
    invoice = get_object_or_404(rows, number=number, account=request.account)
    if request.method == "POST" and (done := _opened(request, invoice)) is not None:
        return done
    return _form(request, invoice, request.POST if request.method == "POST" else request.GET)


def _opened(request: PersonRequest, invoice: Invoice) -> HttpResponse | None:
    """The new dispute's page; None where something does not fit, which was told."""
    form = DisputeForm(request.POST)
    try:
        wanted = [one for line in invoice.lines.all() if (one := _wanted(request.POST, line.pk)) is not None]
        if not form.is_valid():
            raise InvalidOperation
        row = file_dispute(
            token=form.cleaned_data["token"],
            account=request.account,
            invoice_id=invoice.pk,
            reason=DisputeReason(form.cleaned_data["reason"]),
            wanted=wanted,
            note=form.cleaned_data["note"],
            user=request.user,
        )
    except InvalidOperation:
        messages.error(request, _("A number cannot be read or the reason is missing; nothing was opened."))
        return None
    except DomainError as error:
        messages.error(request, error.sentence)
        return None
    messages.success(request, _("%(dispute)s is open. Finance looks at it.") % {"dispute": row})
    return redirect("orders:dispute", number=row.number)


def _wanted(told: QueryDict, pk: int) -> Wanted | None:
    """What was typed of a line; None for one that is neither ticked nor has an amount. Raises InvalidOperation."""
    parts = _typed(told, pk)
    if f"line.{pk}" not in told and parts["amount"] is None:
        return None
    return Wanted(line_id=pk, **parts)


def _typed(told: QueryDict, pk: int) -> dict[str, Decimal | None]:
    return {name: _number(told.get(f"{name}.{pk}", "")) for name in ("quantity", "price", "amount")}


def _number(text: str) -> Decimal | None:
    if not text.strip():
        return None
    number = Decimal(text.strip())
    if not number.is_finite() or not 0 <= number < Decimal(10) ** 9:
        raise InvalidOperation
    return number


def _form(request: PersonRequest, invoice: Invoice, told: QueryDict) -> HttpResponse:
    today, checks = timezone.localdate(), line_checks(invoice)
    reason = told.get("reason", "")
    wrong = [check for check in checks if not check.sound]
    if reason not in DisputeReason.values:
        reason = DisputeReason.PRICE if not wrong or any((c.over or 0) > 0 for c in wrong) else DisputeReason.SHORT
    token = told.get("token", "")
    proven = invoice.shipment_id is not None and ProofOfDelivery.objects.filter(shipment=invoice.shipment_id).exists()
    context = {
        "invoice": invoice,
        "rows": [_row(check, reason, told, fresh=not told) for check in checks],
        "reason": reason,
        "reasons": [one for one in DisputeReason.choices if one[0] != DisputeReason.UNSTATED],
        "note": told.get("note", "")[:1000],
        "token": token if request.method == "POST" and token else uuid.uuid4(),
        "window": dispute_window(invoice, today=today),
        "evidence": evidence_for(reason, invoice, checks, proven=proven),
        "contact": settings.FINANCE_CONTACT,
    }
    return render(request, "orders/portal/dispute_new.html", context, status=422 if request.method == "POST" else 200)


def _row(check: LineCheck, reason: str, told: QueryDict, *, fresh: bool) -> dict[str, Any]:
    """A line with what was typed of it, else with what seems wrong with it, and what that comes to."""
    pk = check.line.pk
    try:
        known = Wanted(line_id=pk, **_typed(told, pk))
    except InvalidOperation:
        known = Wanted(line_id=pk)
    ticked = f"line.{pk}" in told or bool(told.get(f"amount.{pk}")) or told.get("only") == str(pk)
    return {
        "check": check,
        "line": check.line,
        "ticked": ticked or (fresh and not check.sound),
        "quantity": told.get(f"quantity.{pk}", "") or f"{default_quantity(check, reason).normalize():f}",
        "price": told.get(f"price.{pk}", ""),
        "amount": told.get(f"amount.{pk}", ""),
        "computed": computed_claim(check, reason, known),
    }


@require_GET
@shared_view(Act.VIEW_INVOICES)
def detail(request: PersonRequest, number: int) -> HttpResponse:
    """One dispute, how far it is, and the papers around it."""
    proof = ProofOfDelivery.objects.filter(shipment=OuterRef("invoice__shipment"))
    rows = Dispute.objects.visible_to(request.user).select_related(
        "invoice__order", "invoice__shipment", "credit_memo", "account"
    )
    row = get_object_or_404(rows.annotate(proven=Exists(proof)), number=number)
    context = {
        "dispute": row,
        "steps": steps_of(row),
        "entries": row.entries.filter(internal=False),
        "lines": row.lines.select_related("invoice_line__item"),
    }
    return render(request, "orders/portal/dispute.html", context)
