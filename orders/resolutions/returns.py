"""What finance can do about a return that somebody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from exceptions.registry import WITHIN_DAYS, CaseAction, CaseKind, register_kind
from orders.choices import ReturnStatus
from orders.models import Return
from orders.process.return_receipts import note_replacement
from orders.process.returns import decide_return
from orders.process.typed_quantities import typed_quantities

if TYPE_CHECKING:
    from exceptions.models import Case

PREFIX = "back."
"""Form fields of the quantities: `back.<position>`."""


def panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The return line by line: asked, allowed, and what the first person proposed."""
    row = Return.objects.select_related("account", "decided_by").get(pk=case.subject_id)
    lines = row.lines.select_related("item", "invoice_line__invoice")
    undecided = row.status in ReturnStatus.UNDECIDED
    return {
        "rma": row,
        "rma_photos": row.photos.all(),
        "rma_lines": lines,
        "rma_editable": undecided and case.is_open,
        "back": PREFIX,
    }


def approve(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Let the typed quantities come back; above the person's limit a second one has to agree."""
    approved = typed_quantities(form, PREFIX, else_="nothing was decided")
    row = decide_return(return_id=UUID(case.subject_id), approved=approved, reason=reason, user=user)
    return f"{row}: {row.get_status_display().lower()}"


def reject(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Nothing comes back."""
    return f"{decide_return(return_id=UUID(case.subject_id), approved={}, reason=reason, user=user)} was rejected"


register_kind(
    CaseKind(
        kind="return.requested",
        title="Return waits for an answer",
        queue="finance",
        severity=2,
        ends="the return is approved or rejected",
        panel="orders/ops/_return.html",
        panel_context=panel,
        actions=(
            CaseAction(name="approve", label="Approve", style="primary", run=approve, needs_reason=True, in_panel=True),
            CaseAction(name="reject", label="Reject", style="bad", run=reject, needs_reason=True),
        ),
        agreed=WITHIN_DAYS,
    )
)


def replaced(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """The replacement or the repaired goods are on their way."""
    return f"{note_replacement(return_id=UUID(case.subject_id), reason=reason)}: replacement noted"


register_kind(
    CaseKind(
        kind="return.replacement",
        title="Goods to be replaced or repaired",
        queue="orders",
        severity=2,
        ends="the replacement is noted",
        panel="orders/ops/_return.html",
        panel_context=panel,
        actions=(CaseAction(name="replaced", label="Replaced", style="primary", run=replaced, needs_reason=True),),
    )
)
