"""What documents about returns and credit memos repeat, read from the rows of orders."""

from __future__ import annotations

from uuid import UUID

from edi.choices import Direction
from edi.models import Document
from orders.models import Dispute, Invoice, InvoiceLine, Return, ReturnLine


def return_of(*, return_id: UUID) -> Return:
    """The return. Raises Return.DoesNotExist."""
    return Return.objects.select_related("account").get(pk=return_id)


def return_lines_of(row: Return) -> list[ReturnLine]:
    """Its lines in order, with the invoices they were billed on."""
    return list(row.lines.select_related("invoice_line__invoice", "item").order_by("position"))


def return_source(row: Return) -> Document | None:
    """The 180 that asked for the return; None where it came another way."""
    channel, _, pk = row.source_key.partition(":")
    if channel != "edi":
        return None
    rows = Document.objects.filter(pk=pk, direction=Direction.IN, set_id="180", partner__active=True)
    return rows.select_related("partner__account").first()


def reason_of_credit(memo: Invoice) -> str:
    """Our reason of the dispute that a credit memo booked; "" where there was none."""
    return Dispute.objects.filter(credit_memo=memo).values_list("reason", flat=True).first() or ""


def order_lines_credited(memo: Invoice) -> dict[str, str]:
    """Position on the invoice that a credit memo corrects -> the order's own line number there."""
    rows = InvoiceLine.objects.filter(invoice=memo.corrects_id, order_line__isnull=False)
    return {str(position): line_no for position, line_no in rows.values_list("position", "order_line__line_no")}
