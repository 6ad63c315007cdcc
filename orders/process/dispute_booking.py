"""What the ERP booked ends a dispute: its credit memo, or the debit memo that takes a credit back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from distportal.common.money import show_money
from orders.choices import InvoiceKind
from orders.models import Dispute, Invoice
from orders.process.dispute_closing import close_if_settled
from orders.process.dispute_moves import end_case, take_step, tell
from orders.process.locks import locked_dispute


@transaction.atomic
def book_memo(*, dispute_id: UUID, memo: Invoice) -> Dispute:
    """The dispute, booked by the ERP's credit memo, or reversed by its debit memo: together they come to nothing. Its
    case closes by itself, and so does the dispute where the credit is what was approved. Raises IllegalMove.
    """
    row = locked_dispute(dispute_id)
    if memo.kind == InvoiceKind.CREDIT_MEMO:
        row.credit_memo, named, step, event = memo, "credit memo", "book", "dispute.booked"
    else:
        row.debit_memo, named, step, event = memo, "debit memo", "book_reversal", "dispute.reversed"
    take_step(row, step, f"{named} {memo.number} over {show_money(memo.total, memo.currency)}")
    end_case(row, f"{named} {memo.number}")
    tell(row, event)
    close_if_settled(row)
    return row
