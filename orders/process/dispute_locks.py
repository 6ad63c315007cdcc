"""The locks of a decision: the commands to the ERP, then the invoice, then the dispute, as all of this app's are."""

from __future__ import annotations

from uuid import UUID

from orders.models import Dispute, ErpCommand
from orders.process.locks import locked_dispute, locked_invoices


def locked_to_decide(dispute_id: UUID) -> Dispute:
    """The dispute under its row lock, with its invoice's: what else is approved on that invoice stands still, too."""
    list(ErpCommand.objects.select_for_update(of=("self",), no_key=True).filter(dispute=dispute_id).order_by("pk"))
    locked_invoices([Dispute.objects.values_list("invoice_id", flat=True).get(pk=dispute_id)])
    return locked_dispute(dispute_id)
