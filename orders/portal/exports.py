"""Files of many invoices: what was ticked or all that a filter shows, frozen, as ZIP, one PDF or CSV."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, shared_view
from orders.choices import ExportKind, ExportState
from orders.models import Export, Invoice
from orders.process.exports import choose_documents, request_file
from orders.queries.invoice_list import INVOICE_TABS, InvoiceFilter, invoices_in
from orders.queries.listing import invoices_of
from orders.queries.receivables import AGES

_TYPES = {ExportKind.ZIP: "application/zip", ExportKind.PDF: "application/pdf", ExportKind.CSV: "text/csv"}
SAMPLE = 5


def _own(request: PersonRequest) -> QuerySet[Export]:
    """The asker's own, of the company that they act for now."""
    standing = request.user.standing
    return Export.objects.filter(user=request.user, account=standing.account if standing else None)


@require_POST
@shared_view(Act.VIEW_INVOICES)
def choose(request: PersonRequest) -> HttpResponse:
    """Freeze what was ticked, or (`all=1`) all that the filter shows; then it says what it is, or makes it at once;
    `dispute=1` leads to the dispute of the one that was ticked.
    """
    wanted = InvoiceFilter.of(request.POST.dict())
    if "dispute" in request.POST:
        return _to_dispute(request, wanted)
    everything = "all" in request.POST
    if everything:
        rows = invoices_in(request.user, wanted, today=timezone.localdate(), whole=True)
    else:
        picked = Invoice.objects.visible_to(request.user).filter(number__in=request.POST.getlist("pick"))
        rows = picked.order_by("-issued_on", "-number")
    standing = request.user.standing
    try:
        export = choose_documents(
            rows=rows,
            account=standing.account if standing else None,
            user=request.user,
            chosen_by=_words(wanted) if everything else "",
        )
    except DomainError as error:
        messages.error(request, error.sentence)
        return _back(request, wanted)
    return redirect("orders:export", export.pk) if everything else _made(request, export)


def _to_dispute(request: PersonRequest, wanted: InvoiceFilter) -> HttpResponse:
    """The dispute form of the one that was ticked, which says itself where it cannot be disputed."""
    picked = request.POST.getlist("pick")
    if len(picked) == 1:
        return redirect(
            "orders:open_dispute", get_object_or_404(invoices_of(user=request.user), number=picked[0]).number
        )
    if picked:
        many = _("A dispute is about one invoice, and %(n)s are ticked: leave one tick. Nothing was opened.")
        messages.error(request, many % {"n": len(picked)})
    else:
        messages.error(request, _("No invoice is ticked: tick the one that is wrong. Nothing was opened."))
    return _back(request, wanted)


def _back(request: PersonRequest, wanted: InvoiceFilter) -> HttpResponse:
    """The list as it was, with its filter and its ticks."""
    kept = urlencode([*wanted.query.items(), *(("pick", number) for number in request.POST.getlist("pick"))])
    return redirect(f"{reverse('orders:invoices')}?{kept}" if kept else "orders:invoices")


def _words(wanted: InvoiceFilter) -> str:
    """The filter, for people."""
    told = [
        INVOICE_TABS[wanted.tab],
        AGES.get(wanted.age, ""),
        f"“{wanted.text}”" if wanted.text else "",
        wanted.account,
    ]
    return ", ".join(str(one) for one in told if one)


@require_POST
@shared_view(Act.VIEW_INVOICES)
def make(request: PersonRequest, export_id: uuid.UUID) -> HttpResponse:
    """Make the file: few documents at once, many by a job that goes on while the person does."""
    return _made(request, get_object_or_404(_own(request).defer("content"), pk=export_id))


def _made(request: PersonRequest, export: Export) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in ExportKind.values:
        messages.error(request, _("Choose ZIP, one PDF or CSV; nothing was made."))
        return redirect("orders:export", export.pk)
    try:
        export = request_file(export_id=export.pk, user=request.user, kind=ExportKind(kind))
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("orders:export", export.pk)


@require_GET
@shared_view(Act.VIEW_INVOICES)
def show(request: PersonRequest, export_id: uuid.UUID) -> HttpResponse:
    """What was chosen: how many, the first of them, and the file or how to get one."""
    export = get_object_or_404(_own(request).defer("content"), pk=export_id)
    sample = Invoice.objects.visible_to(request.user).filter(pk__in=export.invoice_ids[:SAMPLE])
    context = {
        "export": export,
        "sample": sample.defer("canonical").order_by("-issued_on", "-number"),
        "more": max(len(export.invoice_ids) - SAMPLE, 0),
        "kinds": ExportKind.choices,
        "gone": bool(export.expires_at and export.expires_at <= timezone.now()),
    }
    return render(request, "orders/portal/export.html", context)


@require_GET
@shared_view(Act.VIEW_INVOICES)
def index(request: PersonRequest) -> HttpResponse:
    """The person's own files that are there or being made."""
    rows = _own(request).exclude(state=ExportState.CHOSEN).defer("content")[:50]
    return render(request, "orders/portal/exports.html", {"exports": rows, "now": timezone.now()})


@require_GET
@shared_view(Act.VIEW_INVOICES)
def download(request: PersonRequest, export_id: uuid.UUID) -> HttpResponse:
    """The file, for its asker and until it expires; afterwards 404 as for a stranger."""
    rows = _own(request).filter(state=ExportState.READY, expires_at__gt=timezone.now())
    export = get_object_or_404(rows, pk=export_id)
    return HttpResponse(
        bytes(export.content or b""),
        content_type=_TYPES[ExportKind(export.kind)],
        headers={
            "Content-Disposition": f'attachment; filename="{export.name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
