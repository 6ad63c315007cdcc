"""Open a dispute by line: what each line comes to, what the claim needs, and what is sent for it."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view
from orders.choices import DisputeReason, DisputeStatus
from orders.models import Invoice, ProofOfDelivery
from orders.portal.forms import DisputeForm
from orders.portal.proofs_sent import keep_proofs, shown_slots
from orders.process.dispute_evidence import evidence_for
from orders.process.dispute_files import file_claim, slots_of
from orders.process.dispute_filing import Wanted, computed_claim, default_quantity
from orders.process.dispute_window import dispute_window
from orders.queries.invoice_checks import LineCheck, line_checks


@require_http_methods(["GET", "POST"])
@dealer_view(Act.DISPUTE)
def new(request: PersonRequest, number: str) -> HttpResponse:
    """Lines, reason, what each comes to and what the claim needs. A GET, or a POST that says `work`, works out and
    keeps the files; only another POST opens.
    """
    rows = Invoice.objects.visible_to(request.user).select_related("account", "order", "shipment")
    invoice = get_object_or_404(rows, number=number, account=request.account)
    if request.method != "POST":
        return _form(request, invoice, request.GET, uuid.uuid4())
    form = DisputeForm(request.POST)
    token = form.cleaned_data["token"] if form.is_valid() or "token" in form.cleaned_data else uuid.uuid4()
    done = _opened(request, invoice, form, token)
    return done or _form(request, invoice, request.POST, token)


def _opened(request: PersonRequest, invoice: Invoice, form: DisputeForm, token: uuid.UUID) -> HttpResponse | None:
    """The new dispute's page; None where something does not fit, which was told, or is only to be worked out."""
    reason = request.POST.get("reason", "")
    proofs, problems = keep_proofs(request, invoice.account, token, slots_of(reason, list(invoice.lines.all())))
    for problem in problems:
        messages.error(request, problem)
    if "work" in request.POST or problems:
        return None
    try:
        wanted = [one for line in invoice.lines.all() if (one := _wanted(request.POST, line.pk)) is not None]
        if not form.is_valid():
            raise InvalidOperation
        row = file_claim(
            token=token,
            account=request.account,
            invoice_id=invoice.pk,
            reason=DisputeReason(form.cleaned_data["reason"]),
            wanted=wanted,
            note=form.cleaned_data["note"],
            user=request.user,
            proofs=proofs,
            as_draft="draft" in request.POST,
        )
    except InvalidOperation:
        messages.error(request, _("A number cannot be read or the reason is missing; nothing was opened."))
        return None
    except DomainError as error:
        messages.error(request, error.sentence)
        return None
    if row.status == DisputeStatus.DRAFT:
        messages.success(
            request, _("%(dispute)s is kept as a draft. Nobody has it before you submit it.") % {"dispute": row}
        )
    else:
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


def _form(request: PersonRequest, invoice: Invoice, told: QueryDict, token: uuid.UUID) -> HttpResponse:
    today, checks = timezone.localdate(), line_checks(invoice)
    reason = told.get("reason", "")
    wrong = [check for check in checks if not check.sound]
    if reason not in DisputeReason.values:
        reason = DisputeReason.PRICE if not wrong or any((c.over or 0) > 0 for c in wrong) else DisputeReason.SHORT
    proven = invoice.shipment_id is not None and ProofOfDelivery.objects.filter(shipment=invoice.shipment_id).exists()
    rows = [_row(check, reason, told, fresh=not told) for check in checks]
    lines = [row["line"] for row in rows if row["ticked"]] or [row["line"] for row in rows]
    context = {
        "invoice": invoice,
        "rows": rows,
        "reason": reason,
        "reasons": [one for one in DisputeReason.choices if one[0] != DisputeReason.UNSTATED],
        "note": told.get("note", "")[:1000],
        "token": token,
        "window": dispute_window(invoice, today=today),
        "evidence": evidence_for(reason, invoice, checks, proven=proven),
        "slots": shown_slots(request, invoice.account, token, slots_of(reason, lines), told),
        "contact": settings.FINANCE_CONTACT,
    }
    opening = request.method == "POST" and "work" not in request.POST
    return render(request, "orders/portal/dispute_new.html", context, status=422 if opening else 200)


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
