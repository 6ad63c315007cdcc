"""What finance can do at the desk about disputes and about invoices that our own check found wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from exceptions.registry import WITHIN_DAYS, CaseAction, CaseKind, register_kind
from orders.models import Invoice, InvoiceFinding
from orders.process.dispute_reversal import agree_reversal, refuse_reversal, take_back_decision
from orders.process.finding_answers import accept_findings, dismiss_findings

if TYPE_CHECKING:
    from exceptions.models import Case


def findings_panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The invoice with what differs on it."""
    rows = InvoiceFinding.objects.filter(invoice__pk=UUID(case.subject_id)).select_related("line__item", "dispute")
    return {"invoice": Invoice.objects.filter(pk=case.subject_id).first(), "findings": rows.order_by("line__position")}


def accept(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Credit what we found."""
    rows = accept_findings(invoice_id=UUID(case.subject_id), reason=reason, user=user)
    return "; ".join(f"{row}: {row.get_status_display().lower()}" for row in rows)


def dismiss(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Billed rightly."""
    count = dismiss_findings(invoice_id=UUID(case.subject_id), reason=reason, user=user)
    return f"{count} findings dismissed"


def take_back(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Decide again."""
    return f"{take_back_decision(dispute_id=UUID(case.subject_id), reason=reason, user=user)} is in review again"


def agree(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """The second person agrees."""
    return f"{agree_reversal(dispute_id=UUID(case.subject_id), reason=reason, user=user)}: the ERP is asked"


def keep(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """The credit stays."""
    return f"{refuse_reversal(dispute_id=UUID(case.subject_id), reason=reason, user=user)} keeps its credit"


_KINDS = (
    CaseKind(
        kind="dispute.open", title="Dispute waits for finance", queue="finance", severity=2,
        ends="the dispute is rejected, withdrawn or split, or the ERP's credit memo comes",
        panel="", panel_context=None, actions=(), agreed=WITHIN_DAYS,
    ),
    CaseKind(
        kind="dispute.erp_refused", title="The ERP refused a credit that was approved", queue="finance", severity=3,
        ends="the decision is taken back",
        panel="", panel_context=None,
        actions=(
            CaseAction(
                name="take_back", label="Take the decision back", style="primary", run=take_back, needs_reason=True
            ),
        ),
    ),
    CaseKind(
        kind="dispute.unanswered", title="A dealer has not answered finance", queue="finance", severity=1,
        ends="the dealer answers, or the dispute is decided",
        panel="", panel_context=None, actions=(),
    ),
    CaseKind(
        kind="dispute.memo_differs", title="The ERP credited another amount than was approved", queue="finance",
        severity=2, ends="the dispute is closed, or its credit taken back",
        panel="", panel_context=None, actions=(),
    ),
    CaseKind(
        kind="dispute.reversal", title="A booked credit is taken back", queue="finance", severity=3,
        ends="the ERP's debit memo comes",
        panel="", panel_context=None,
        actions=(
            CaseAction(name="agree", label="Agree", style="primary", run=agree, needs_reason=True),
            CaseAction(name="keep", label="Keep the credit", style="", run=keep, needs_reason=True),
        ),
    ),
    CaseKind(
        kind="invoice.differs", title="An invoice bills more than agreed or sent", queue="finance", severity=2,
        ends="the ERP corrects the invoice, or the dealer disputes the same lines",
        panel="orders/ops/_findings.html", panel_context=findings_panel,
        actions=(
            CaseAction(name="accept", label="Credit it", style="primary", run=accept, needs_reason=True),
            CaseAction(name="dismiss", label="It is right", style="", run=dismiss, needs_reason=True),
        ),
    ),
)  # fmt: skip
for _kind in _KINDS:
    register_kind(_kind)
