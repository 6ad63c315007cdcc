"""The case kinds of what warehouses and carriers tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from exceptions.queries.standings import by_their_cases
from exceptions.registry import AT_ONCE, CaseAction, CaseKind, Letter, register_kind
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
_LETTERS = {
    "warehouse.refused": Letter(family="Warehouses and carriers", look=by_their_cases, redeliver="send_again"),
    "warehouse.event": Letter(
        family="Warehouses and carriers", look=by_their_cases, reprocess="look_again", at_once=True
    ),
    "carrier.message": Letter(
        family="Warehouses and carriers", look=by_their_cases, reprocess="use_again", at_once=True
    ),
}
_HURRY = ("warehouse.duplicate", "warehouse.after_cancel")
for _kind, _title, _severity, _ends, *_actions in (
    (
        "warehouse.odd_advice", "Warehouse shipped something else", 3,
        "",
    ),
    (
        "warehouse.advice_conflict", "Shipment told twice, otherwise", 3,
        "",
    ),
    (
        "warehouse.differs", "ERP booked another shipment", 3,
        "",
    ),
    (
        "warehouse.unbooked", "Shipped and not booked", 3,
        "the ERP books the shipment",
    ),
    (
        "warehouse.refused", "Warehouse refused", 3,
        "the warehouse takes it",
        _AGAIN,
    ),
    (
        "warehouse.duplicate", "Warehouse holds it twice", 4,
        "",
    ),
    (
        "warehouse.dropped", "Warehouse will not ship", 3,
        "",
    ),
    (
        "warehouse.after_cancel", "Warehouse works on what was taken back", 3,
        "",
    ),
    (
        "warehouse.event", "Warehouse tells what does not fit", 2,
        "it is used after all",
        _LOOK,
    ),
    (
        "carrier.message", "Carrier tells what does not fit", 2,
        "it is used after all",
        _USE,
    ),
    (
        "shipment.no_proof", "Delivered and not proven", 2,
        "a proof of delivery comes",
    ),
    (
        "shipment.bad_image", "Picture of a proof is no good", 2,
        "a good picture comes",
    ),
    (
        "shipment.late", "Delivery is late", 2,
        "the delivery is told",
    ),
):  # fmt: skip
    register_kind(
        CaseKind(
            kind=_kind,
            title=_title,
            queue="orders",
            severity=_severity,
            ends=_ends,
            panel="orders/ops/_logistics.html",
            panel_context=logistics_panel,
            actions=(*_actions, SETTLE),
            cause=("account", "code"),
            agreed=AT_ONCE if _kind in _HURRY else None,
            letter=_LETTERS.get(_kind),
        )
    )
