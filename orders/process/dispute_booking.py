"""What the ERP booked ends a dispute: its credit memo, or the debit memo that takes a credit back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from distportal.common.money import show_money
from orders.choices import InvoiceKind
from orders.models import Dispute, Invoice
from orders.process.dispute_moves import end_case, take_step, tell
from orders.process.locks import locked_dispute


def book_memo(*, dispute_id: UUID, memo: Invoice) -> Dispute:
    """The dispute, booked by the ERP's credit memo or, for a debit memo, reversed. Raises IllegalMove."""
    if memo.kind == InvoiceKind.CREDIT_MEMO:
        return book_credit_memo(dispute_id=dispute_id, credit_memo=memo)
    return book_debit_memo(dispute_id=dispute_id, debit_memo=memo)


@transaction.atomic
def book_credit_memo(*, dispute_id: UUID, credit_memo: Invoice) -> Dispute:
    """The dispute, booked by the ERP's credit memo; its case closes by itself."""
    row = locked_dispute(dispute_id)
    row.credit_memo = credit_memo
    take_step(
        row, "book", f"credit memo {credit_memo.number} over {show_money(credit_memo.total, credit_memo.currency)}"
    )
    end_case(row, f"credit memo {credit_memo.number}")
    tell(row, "dispute.booked")
    return row


@transaction.atomic
def book_debit_memo(*, dispute_id: UUID, debit_memo: Invoice) -> Dispute:
    """The dispute, its credit taken back by the ERP's debit memo: together they come to nothing."""
    row = locked_dispute(dispute_id)
    row.debit_memo = debit_memo
    take_step(
        row, "book_reversal", f"debit memo {debit_memo.number} over {show_money(debit_memo.total, debit_memo.currency)}"
    )
    end_case(row, f"debit memo {debit_memo.number}")
    tell(row, "dispute.reversed")
    return row
