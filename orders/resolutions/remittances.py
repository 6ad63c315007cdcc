"""What finance can do about a payment that does not match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from exceptions.registry import CaseAction, CaseKind, register_kind
from exceptions.resolutions import SETTLE
from orders.models import Remittance
from orders.process.remittances import match_again

if TYPE_CHECKING:
    from exceptions.models import Case


def panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The payment with its lines, and what the case says of them."""
    row = Remittance.objects.select_related("account").filter(pk=case.subject_id).first()
    lines = row.lines.select_related("invoice").prefetch_related("disputes") if row else []
    return {"remittance": row, "remittance_lines": lines, "remittance_problems": case.data.get("problems", [])}


def match(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Look for the invoices once more: they may have come from the ERP meanwhile."""
    row = Remittance.objects.get(pk=case.subject_id)
    count = match_again(remittance_id=UUID(case.subject_id), told_by=f"payment {row.trace}, matched by {user.email}")
    return f"{count} lines found their invoices"


_MATCH = CaseAction(name="match", label="Match again", style="primary", run=match, needs_reason=False)
_KINDS: tuple[tuple[str, str, int, str, tuple[CaseAction, ...]], ...] = (
    (
        "unknown_invoice", "Payment for unknown invoices", 2,
        "The payer names invoices that its account does not have. If the ERP has billed them meanwhile, match again. "
        "Else ask the payer, post the amount in the ERP by hand and mark it as settled.",
        (_MATCH, SETTLE),
    ),
    (
        "duplicate_trace", "Trace used twice", 3,
        "The first payment was applied, this one was only kept. Ask the bank or the payer which one was made.",
        (SETTLE,),
    ),
    (
        "lump_adjustment", "Amount without an invoice", 2,
        "The payer kept back or added an amount and named no invoice. Ask what it is for; post it in the ERP by hand.",
        (SETTLE,),
    ),
    (
        "overpaid", "Paid too much", 2,
        "More was paid than is open: twice, or without a credit memo. Agree with the payer on another invoice or on "
        "paying it back, post that in the ERP, then mark it as settled.",
        (SETTLE,),
    ),
    (
        "credit_memo_differs", "Credit memo taken for another amount", 2,
        "Compare what was taken with our credit memo. The difference is open: ask the payer.",
        (SETTLE,),
    ),
    (
        "unclaimed_deduction", "Deduction that no line can carry", 2,
        "The deduction is larger than what the invoice's lines leave (tax, charges, or lines in dispute). Settle the "
        "rest with the payer by hand.",
        (SETTLE,),
    ),
)  # fmt: skip
for _code, _title, _severity, _runbook, _actions in _KINDS:
    register_kind(
        CaseKind(
            kind=f"remittance.{_code}",
            title=_title,
            queue="finance",
            severity=_severity,
            runbook=_runbook,
            panel="orders/ops/_remittance.html",
            panel_context=panel,
            actions=_actions,
        )
    )
