"""The case kinds of what warehouses and carriers tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from exceptions.registry import CaseKind, register_kind
from exceptions.resolutions import SETTLE
from orders.models import Order

if TYPE_CHECKING:
    from exceptions.models import Case


def logistics_panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The order with its shipments and advices, and every sentence that was said."""
    order = Order.objects.filter(pk=case.data["order"]).first()
    return {
        "logistics_order": order,
        "shipments": order.shipments.prefetch_related("tracking") if order else [],
        "advices": order.advices.select_related("warehouse", "shipment") if order else [],
        "sentences": case.data.get("sentences", []),
    }


for _kind, _title, _severity, _runbook in (
    (
        "warehouse.odd_advice", "Warehouse shipped something else", 3,
        "Compare what the warehouse shipped with the order. Ask it whether the advice or the goods are wrong. Short "
        "and over shipments are corrected in the ERP; the buyer is told by ship notice and invoice.",
    ),
    (
        "warehouse.advice_conflict", "Shipment told twice, otherwise", 3,
        "The warehouse used the same shipment number for other content. Ask which one holds; if the second, correct "
        "the shipment in the ERP.",
    ),
    (
        "warehouse.differs", "ERP booked another shipment", 3,
        "The ERP's figures hold: ship notice and invoice follow them. Count with the warehouse; if it is right, "
        "correct the shipment in the ERP before the invoice is disputed.",
    ),
    (
        "warehouse.unbooked", "Shipped and not booked", 3,
        "The warehouse shipped, the ERP knows nothing of it. Book the shipment in the ERP: until then the buyer gets "
        "no ship notice and no invoice. The case closes by itself when the ERP's shipment comes.",
    ),
    (
        "shipment.late", "Delivery is late", 2,
        "Tell the buyer when to expect the goods; ask the carrier if it does not say. The case closes by itself when "
        "the delivery is told.",
    ),
):  # fmt: skip
    register_kind(
        CaseKind(
            kind=_kind,
            title=_title,
            queue="orders",
            severity=_severity,
            runbook=_runbook,
            panel="orders/ops/_logistics.html",
            panel_context=logistics_panel,
            actions=(SETTLE,),
        )
    )
