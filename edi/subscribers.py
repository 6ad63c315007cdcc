"""Business facts become documents for the partners who ordered by EDI."""

from __future__ import annotations

from uuid import UUID

from distportal.events.base import Delivered
from distportal.events.registry import subscribe
from edi.process.acknowledging import acknowledge_order
from edi.process.noticing import announce_shipment, bill_order


@subscribe(
    "order.confirmed", "order.rejected", "order.shipped", "invoice.recorded", destination="edi.outbound", strict=True
)
def build_documents(event: Delivered) -> None:
    """One fact, at most one document: 855, 856 or 810, in the order in which the facts happened to the order."""
    if event.type in ("order.confirmed", "order.rejected"):
        acknowledge_order(order_id=UUID(event.payload["order"]))
    elif event.type == "order.shipped":
        announce_shipment(shipment_id=UUID(event.payload["shipment"]))
    else:
        bill_order(invoice_id=UUID(event.payload["invoice"]))
