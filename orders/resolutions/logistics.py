"""The case kinds of what warehouses and carriers tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from exceptions.registry import CaseAction, CaseKind, register_kind
from exceptions.resolutions import SETTLE
from orders.models import Order
from orders.process.carrier_messages import take_message
from orders.process.release_sending import send_release_again
from orders.process.releasing import queue_release
from orders.process.warehouse_events import retake_event

if TYPE_CHECKING:
    from exceptions.models import Case


def logistics_panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The order with its shipments and advices, and every sentence that was said."""
    order = Order.objects.filter(pk=case.data["order"]).first() if case.data.get("order") else None
    return {
        "logistics_order": order,
        "shipments": order.shipments.prefetch_related("tracking") if order else [],
        "advices": order.advices.select_related("warehouse", "shipment") if order else [],
        "releases": order.releases.select_related("warehouse") if order else [],
        "sentences": case.data.get("sentences", []),
    }


def send_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Bring the refused instruction to the warehouse again, under its number."""
    row = send_release_again(release_id=UUID(case.subject_id))
    queue_release(row)
    return f"{row.reference} will be sent again"


def look_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Try to use the kept event again; the case closes by itself when that works."""
    row = retake_event(event_id=UUID(case.subject_id))
    return f"{row}: {row.finding}" if row.state in ("unknown", "failed") else f"{row} was used"


def use_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Try to use the kept message again; the case closes by itself when that works."""
    row = take_message(message_id=UUID(case.subject_id))
    return f"Still not used: {row.finding}" if row.finding else "It was used"


_USE = CaseAction(name="use_again", label="Try it again", style="primary", run=use_again, needs_reason=False)
_AGAIN = CaseAction(name="send_again", label="Send again", style="primary", run=send_again, needs_reason=True)
_LOOK = CaseAction(name="look_again", label="Try it again", style="primary", run=look_again, needs_reason=False)
for _kind, _title, _severity, _runbook, *_actions in (
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
        "warehouse.refused", "Warehouse refused", 3,
        "Read what it says. If it is too late to change or take back, the goods will come: arrange a return or let the "
        "buyer keep them. If something is set up wrongly, correct it and send again: the number keeps it one order.",
        _AGAIN,
    ),
    (
        "warehouse.duplicate", "Warehouse holds it twice", 4,
        "Have the warehouse end all but one before it ships them all. Nothing was sent again from here.",
    ),
    (
        "warehouse.dropped", "Warehouse will not ship", 3,
        "Ask the warehouse why. The ERP still owes the goods: ship from elsewhere or cancel there; a change in the ERP "
        "gives the warehouse a new instruction.",
    ),
    (
        "warehouse.after_cancel", "Warehouse works on what was taken back", 3,
        "Call the warehouse now: it goes on with an order that was cancelled. What leaves anyway has a case "
        "of its own.",
    ),
    (
        "warehouse.event", "Warehouse tells what does not fit", 2,
        "It is kept as it was told. Of no order of ours: ask whose goods these are; if we placed the order since, try "
        "again. Unreadable: have the warehouse tell it again correctly. Told otherwise: ask which one holds.",
        _LOOK,
    ),
    (
        "carrier.message", "Carrier tells what does not fit", 2,
        "It is kept as it was told. Of no shipment of ours: it is used by itself once the ERP has booked the shipment. "
        "For another carrier: add its SCAC to the connection, then try again. Told otherwise: ask which one holds.",
        _USE,
    ),
    (
        "shipment.no_proof", "Delivered and not proven", 2,
        "Ask the carrier for the proof of delivery. It comes by itself, or add the picture on the shipment's page: the "
        "case closes then. If none will come, settle the case and say so.",
    ),
    (
        "shipment.bad_image", "Picture of a proof is no good", 2,
        "The name and the time of the proof are kept. Ask the carrier for the picture again, or add it on the page of "
        "the shipment: the case closes then.",
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
            actions=(*_actions, SETTLE),
        )
    )
