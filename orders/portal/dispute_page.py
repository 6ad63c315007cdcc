"""One dispute: how far it is, the papers around it, what proves it, and what is sent for it later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view, may, shared_view
from distportal.web.done import done
from distportal.web.files import file_answer
from orders.choices import DisputeStatus
from orders.models import Dispute, ProofOfDelivery
from orders.portal.dispute_steps import steps_of
from orders.portal.proofs_sent import keep_proofs, shown_slots
from orders.process.dispute_files import add_proofs, file_of, files_by_item, later_slots
from orders.process.dispute_filing import submit_draft
from orders.process.dispute_work import withdraw_dispute
from orders.queries.evidence import checklist_of


@require_GET
@shared_view(Act.VIEW_INVOICES)
def detail(request: PersonRequest, number: int) -> HttpResponse:
    """One dispute, how far it is, and the papers around it."""
    return _page(request, _found(request, number), uuid4())


@require_POST
@dealer_view(Act.DISPUTE)
def add_evidence(request: PersonRequest, number: int) -> HttpResponse:
    """Send more that proves it; what is refused keeps its files and words."""
    row, token = _found(request, number), _token(request)
    proofs, problems = keep_proofs(request, row.account, token, later_slots(row))
    answer = request.POST.get("answer", "")
    if not problems:
        try:
            add_proofs(dispute_id=row.pk, user=request.user, token=token, proofs=proofs, answer=answer)
        except DomainError as error:
            problems = [error.sentence]
        else:
            messages.success(request, _("Finance has it now."))
            return redirect("orders:dispute", number=row.number)
    return _page(request, _found(request, number), token, problems=problems)


@require_POST
@dealer_view(Act.DISPUTE)
def submit(request: PersonRequest, number: int) -> HttpResponseBase:
    """Send a draft: from now on its lines are in dispute."""
    row = _found(request, number)
    return done(
        request,
        lambda: submit_draft(dispute_id=row.pk, user=request.user),
        _("%(dispute)s is open. Finance looks at it.") % {"dispute": row},
        "orders:dispute",
        row.number,
    )


@require_POST
@dealer_view(Act.DISPUTE)
def withdraw(request: PersonRequest, number: int) -> HttpResponseBase:
    """Claim it no longer, before anybody decided."""
    row = _found(request, number)
    reason = request.POST.get("reason", "").strip()[:300] or gettext_noop("The dealer claims it no longer.")
    return done(
        request,
        lambda: withdraw_dispute(dispute_id=row.pk, reason=reason, user=request.user),
        _("The dispute is withdrawn; the invoice is due as it was billed."),
        "orders:dispute",
        row.number,
    )


@require_GET
@shared_view(Act.VIEW_INVOICES)
def file(request: PersonRequest, number: int, file_id: UUID) -> HttpResponse:
    """A file that was sent for the dispute; 404 for strangers and for a file of anything else."""
    row = get_object_or_404(Dispute.objects.visible_to(request.user), number=number)
    found = file_of(row, file_id)
    if found is None:
        raise Http404
    return file_answer(request, found)


def _found(request: PersonRequest, number: int) -> Any:
    proof = ProofOfDelivery.objects.filter(shipment=OuterRef("invoice__shipment"))
    rows = Dispute.objects.visible_to(request.user).select_related(
        "invoice__order", "invoice__shipment", "credit_memo", "account"
    )
    return get_object_or_404(rows.annotate(proven=Exists(proof)).prefetch_related("evidence"), number=number)


def _token(request: PersonRequest) -> UUID:
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid4()


def _page(request: PersonRequest, row: Dispute, token: UUID, *, problems: Sequence[str] = ()) -> HttpResponse:
    files = files_by_item(row)
    sent = {words for found in files.values() for _pk, words in found}
    open_to_more = row.status in DisputeStatus.UNDECIDED and may(request, Act.DISPUTE)
    context = {
        "dispute": row,
        "steps": steps_of(row),
        "entries": row.entries.filter(internal=False),
        "letters": row.letters.defer("pdf"),
        "lines": row.lines.select_related("invoice_line__item"),
        "checklist": [
            {"needed": one, "files": files.get(one.item, ()), "said": [text for text in one.there if text not in sent]}
            for one in checklist_of(row)
        ],
        "may_prove": open_to_more,
        "may_submit": row.status == DisputeStatus.DRAFT and may(request, Act.DISPUTE),
        "slots": shown_slots(request, row.account, token, later_slots(row), request.POST) if open_to_more else [],
        "token": token,
        "answer": request.POST.get("answer", ""),
        "problems": problems,
    }
    return render(request, "orders/portal/dispute.html", context, status=422 if problems else 200)
