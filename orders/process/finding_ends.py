"""How findings of our own check end: credited, disputed by the dealer, corrected by the ERP, or dismissed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from distportal.common.money import show_money
from distportal.events.clock import database_now
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from orders.choices import FindingState
from orders.models import Dispute, Invoice, InvoiceFinding

SUBJECT, CODE = "invoice", "invoice_differs"
OWN_CHECK = "check"
"""The channel of disputes that we open ourselves."""


def end_findings(
    rows: Iterable[InvoiceFinding], state: FindingState, because: str, *, dispute: Dispute | None = None
) -> None:
    """The findings have ended; the invoice's case closes with the last of them."""
    now, invoices = database_now(), set()
    for row in rows:
        row.state, row.ended_at, row.ended_because, row.dispute = state, now, because[:300], dispute
        row.save()
        invoices.add(row.invoice_id)
    for pk in invoices:
        end_case_of(pk, because)


def end_case_of(invoice_id: UUID, because: str) -> None:
    """The case is closed where no finding of the invoice waits any more."""
    if not open_findings(invoice_id):
        resolve_cases(
            subject_type=SUBJECT, subject_id=str(invoice_id), resolution=Resolution.BY_EVENT, reason=because, code=CODE
        )


def open_findings(invoice_id: UUID) -> list[InvoiceFinding]:
    """What waits for finance on an invoice, by line, under row locks."""
    rows = InvoiceFinding.objects.select_for_update(of=("self",), no_key=True).filter(
        invoice=invoice_id, state=FindingState.OPEN
    )
    return list(rows.select_related("line").order_by("line__position", "reason"))


def end_disputed(row: Dispute, line_ids: Sequence[int]) -> None:
    """A dispute claims these lines now: what we found on them is part of it."""
    found = [one for one in open_findings(row.invoice_id) if one.line_id in line_ids]
    own = row.channel == OWN_CHECK
    if own:
        found = [one for one in found if one.reason == row.reason]
    end_findings(found, FindingState.ACCEPTED if own else FindingState.DISPUTED, f"{row}", dispute=row)


def end_corrected(memo: Invoice) -> None:
    """The ERP corrected the invoice by itself: findings that the credit memo covers have ended, what it covers in part
    is less.
    """
    if memo.corrects_id is None:
        return
    left, covered = memo.total, []
    for row in open_findings(memo.corrects_id):
        if row.amount <= left:
            covered.append(row)
            left -= row.amount
        elif left > 0:
            row.amount, left = row.amount - left, Decimal(0)
            row.words = f"{row.words}; credit memo {memo.number} covers a part"[:300]
            row.save()
    end_findings(covered, FindingState.CORRECTED, f"credit memo {memo.number}, {show_money(memo.total, memo.currency)}")
