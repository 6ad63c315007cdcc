"""Invoices, credit memos and disputes."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view, shared_view
from orders.choices import DisputeReason
from orders.models import Dispute, Invoice
from orders.portal.forms import DisputeForm
from orders.process.disputes import Claim, open_dispute
from orders.queries.listing import disputable, invoices_of
from orders.queries.payments import listed, payments_of


@require_GET
@shared_view(Act.VIEW_INVOICES)
def index(request: PersonRequest) -> HttpResponse:
    """The list, newest first."""
    text = request.GET.get("q", "")
    page = Paginator(invoices_of(user=request.user, text=text), 50).get_page(request.GET.get("page"))
    return render(request, "orders/portal/invoices.html", {"page": page, "rows": listed(page.object_list), "q": text})


@require_GET
@shared_view(Act.VIEW_INVOICES)
def detail(request: PersonRequest, number: str) -> HttpResponse:
    """One document with what was billed beside what was agreed."""
    invoice = get_object_or_404(invoices_of(user=request.user), number=number)
    context = {
        "invoice": invoice,
        "shown": listed([invoice])[0],
        "payments": payments_of(invoice),
        "lines": invoice.lines.select_related("item", "order_line"),
        "disputes": invoice.disputes.all(),
        "disputable": disputable(invoice) and not request.user.is_staff,
        "form": DisputeForm(initial={"token": uuid.uuid4()}),
    }
    return render(request, "orders/portal/invoice.html", context)


@require_POST
@dealer_view(Act.DISPUTE)
def dispute(request: PersonRequest, number: str) -> HttpResponse:
    """Open a dispute on the ticked lines."""
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user), number=number, account=request.account)
    form = DisputeForm(request.POST)
    try:
        claims = [
            _claim(request, line.pk, line.quantity)
            for line in invoice.lines.all()
            if request.POST.get(f"amount.{line.pk}")
        ]
        if not form.is_valid():
            raise InvalidOperation
        row = open_dispute(
            token=form.cleaned_data["token"],
            account=request.account,
            invoice_id=invoice.pk,
            reason=DisputeReason(form.cleaned_data["reason"]),
            claims=claims,
            note=form.cleaned_data["note"],
            user=request.user,
        )
    except InvalidOperation:
        messages.error(request, "An amount is not a number or the reason is missing; nothing was opened.")
        return redirect("orders:invoice", number=number)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("orders:invoice", number=number)
    messages.success(request, f"{row} is open. Finance looks at it.")
    return redirect("orders:dispute", number=row.number)


def _claim(request: PersonRequest, line: int, quantity: Decimal) -> Claim:
    return Claim(
        invoice_line_id=line,
        quantity=quantity,
        amount=Decimal(request.POST[f"amount.{line}"]).quantize(Decimal("0.01")),
    )


@require_GET
@shared_view(Act.VIEW_INVOICES)
def dispute_detail(request: PersonRequest, number: int) -> HttpResponse:
    """One dispute and how far it is."""
    row = get_object_or_404(
        Dispute.objects.visible_to(request.user).select_related("invoice", "credit_memo"), number=number
    )
    context = {
        "dispute": row,
        "entries": row.entries.filter(internal=False),
        "lines": row.lines.select_related("invoice_line__item"),
    }
    return render(request, "orders/portal/dispute.html", context)
