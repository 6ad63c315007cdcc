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
        "every line of the payment finds its invoice",
        (_MATCH, SETTLE),
    ),
    (
        "duplicate_trace", "Trace used twice", 3,
        "",
        (SETTLE,),
    ),
    (
        "lump_adjustment", "Amount without an invoice", 2,
        "",
        (SETTLE,),
    ),
    (
        "overpaid", "Paid too much", 2,
        "",
        (SETTLE,),
    ),
    (
        "credit_memo_differs", "Credit memo taken for another amount", 2,
        "",
        (SETTLE,),
    ),
    (
        "unclaimed_deduction", "Deduction that no line can carry", 2,
        "",
        (SETTLE,),
    ),
)  # fmt: skip
for _code, _title, _severity, _ends, _actions in _KINDS:
    register_kind(
        CaseKind(
            kind=f"remittance.{_code}",
            title=_title,
            queue="finance",
            severity=_severity,
            ends=_ends,
            panel="orders/ops/_remittance.html",
            panel_context=panel,
            actions=_actions,
            part=True,
        )
    )
