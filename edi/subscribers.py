"""Business facts become documents for the partners who ordered by EDI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from distportal.common.restored import after_restore
from distportal.events.base import Delivered
from distportal.events.registry import subscribe
from edi.process.acknowledging import acknowledge_order, tell_held_order
from edi.process.advised import retake_statuses
from edi.process.answering import answer_change
from edi.process.billing import tell_invoice
from edi.process.crediting import answer_return
from edi.process.departing import announce_shipment
from edi.process.instructing import instruct_warehouses
from edi.process.moved import tell_moved_order
from edi.process.restored import leave_out_control_numbers
from edi.process.split_links import link_split_order, lock_source
from orders.registry import SplitFollower, add_split_follower

after_restore(leave_out_control_numbers)
add_split_follower(SplitFollower(prepare=lock_source, follow=link_split_order))
"""An order that was split is answered as a whole: its parts belong to the document that asked for it."""


def _acknowledge(payload: Mapping[str, Any]) -> None:
    acknowledge_order(order_id=UUID(payload["order"]))


def _tell_held(payload: Mapping[str, Any]) -> None:
    tell_held_order(order_id=UUID(payload["order"]))


def _answer_change(payload: Mapping[str, Any]) -> None:
    answer_change(change_id=UUID(payload["change"]))


def _announce(payload: Mapping[str, Any]) -> None:
    announce_shipment(shipment_id=UUID(payload["shipment"]))


def _bill(payload: Mapping[str, Any]) -> None:
    tell_invoice(invoice_id=UUID(payload["invoice"]))


def _answer_return(payload: Mapping[str, Any]) -> None:
    answer_return(return_id=UUID(payload["return"]))


BUILDERS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "order.confirmed": _acknowledge,
    "order.rejected": _acknowledge,
    "order.held": _tell_held,
    "order.changed": _answer_change,
    "order.change_refused": _answer_change,
    "order.change_held": _answer_change,
    "order.cancelled": _acknowledge,
    "order.shipped": _announce,
    "invoice.recorded": _bill,
    "credit_memo.recorded": _bill,
    "return.approved": _answer_return,
    "return.rejected": _answer_return,
}
"""Event -> what is sent because of it."""


def _instruct(payload: Mapping[str, Any]) -> None:
    instruct_warehouses(order_id=UUID(payload["order"]))


def _retake(payload: Mapping[str, Any]) -> None:
    retake_statuses(shipment_id=UUID(payload["shipment"]))


LOGISTICS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "order.confirmed": _instruct,
    "order.changed": _instruct,
    "order.cancelled": _instruct,
    "order.shipped": _retake,
}
"""Event -> what warehouses are told, and what carriers told too early."""


@subscribe(*LOGISTICS, destination="edi.logistics", strict=True)
def tell_logistics(event: Delivered) -> None:
    """A 940 that cannot be built stops no 855, and the other way round."""
    LOGISTICS[event.type](event.payload)


@subscribe(*BUILDERS, "order.repromised", destination="edi.outbound", strict=True)
def build_documents(event: Delivered) -> None:
    """One fact, at most one document, in the order in which the facts happened to the order."""
    if event.type == "order.repromised":
        moved = {str(line["line"]) for line in event.payload.get("lines", ())}
        tell_moved_order(order_id=UUID(event.payload["order"]), turn=event.seq, line_nos=moved)
        return
    BUILDERS[event.type](event.payload)
