"""What of an invoice is in dispute, and what can still be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, F, Sum, When

from orders.choices import DisputeStatus
from orders.models import Dispute, DisputeLine, Invoice, InvoiceLine


def claimable(invoice: Invoice, lines: Iterable[InvoiceLine] | None = None) -> dict[int, Decimal]:
    """Invoice line id -> the amount that no live dispute claims yet; `lines` are all of its lines, where they are read
    already.
    """
    rows = DisputeLine.objects.filter(invoice_line__invoice=invoice).exclude(
        dispute__status__in=(DisputeStatus.REJECTED, DisputeStatus.WITHDRAWN)
    )
    taken = dict(rows.values_list("invoice_line").annotate(sum=Sum("amount")))
    return {
        line.pk: line.amount - taken.get(line.pk, Decimal(0))
        for line in (invoice.lines.all() if lines is None else lines)
    }


def in_dispute(invoice_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Invoice id -> what open disputes keep back: the claim, or what was approved of it and is not credited yet."""
    kept = Case(When(status=DisputeStatus.APPROVED, then=F("amount_approved")), default=F("amount_claimed"))
    rows = Dispute.objects.filter(invoice__in=invoice_ids, status__in=DisputeStatus.OPEN)
    return dict(rows.values_list("invoice").annotate(sum=Sum(kept)).order_by())
