"""What of an order's life warehouses and CRMs have to hear of, and what carriers told too early."""

from __future__ import annotations

from uuid import UUID

from distportal.common.restored import after_restore
from distportal.events.base import Delivered
from distportal.events.registry import subscribe
from distportal.threads.choices import Side
from distportal.webhooks.catalogue import offer
from distportal.webhooks.uses import UseKind, add_use
from inventory.registry import DemandSource, add_demand_source
from orders.process.carrier_feed import retake_messages
from orders.process.crm import plan_telling
from orders.process.crm_activities import SENTENCES
from orders.process.dispute_messages import answer_by_message
from orders.process.dispute_proving import find_evidence_of_shipment
from orders.process.hook_events import use_payment, use_tracking
from orders.process.hooked_warehouses import use_warehouse
from orders.process.purchases import note_purchases
from orders.process.releasing import plan_releases
from orders.process.repromising import repromise_orders
from orders.process.restored import doubt_open_commands
from orders.queries.event_kinds import EVENT_KINDS
from orders.queries.waiting import open_demands, waiting_items

for _kind in EVENT_KINDS:
    offer(_kind)
add_use(UseKind(kind="payment", title="Payments of dealers", use=use_payment))
add_use(UseKind(kind="tracking", title="Parcels on their way", use=use_tracking))
add_use(UseKind(kind="warehouse", title="Stock and shipments of a warehouse", use=use_warehouse))
after_restore(doubt_open_commands)
add_demand_source(DemandSource(waiting_items=waiting_items, open_demands=open_demands))


@subscribe("order.confirmed", "order.changed", "order.cancelled", destination="orders.warehouses", strict=True)
def plan_order_releases(event: Delivered) -> None:
    """What the warehouse systems are asked follows the order."""
    plan_releases(order_id=UUID(event.payload["order"]))


@subscribe("supply.moved", destination="orders.promises")
def promise_anew(event: Delivered) -> None:
    """A portion of those who were promised a receipt that the ERP moved."""
    repromise_orders(item_id=event.payload["item"], demand_refs=event.payload["demands"])


@subscribe("order.shipped", destination="orders.carriers", strict=False)
def retake_carrier_messages(event: Delivered) -> None:
    """What a carrier told before the ERP did is used now."""
    retake_messages(shipment_id=UUID(event.payload["shipment"]))


@subscribe("order.delivery_proven", destination="orders.disputes", strict=False)
def prove_disputes(event: Delivered) -> None:
    """Disputes over the shipment have its proof on their list."""
    find_evidence_of_shipment(shipment_id=UUID(event.payload["shipment"]))


@subscribe(*SENTENCES, "account.noted", destination="orders.crm", strict=False)
def plan_crm_activity(event: Delivered) -> None:
    """Every CRM in force hears of it."""
    plan_telling(event)


@subscribe(
    "order.accepted", "order.changed", "order.cancelled", "order.rejected", destination="orders.purchases", strict=False
)
def note_what_was_bought(event: Delivered) -> None:
    """What the account has bought before is as its orders say now."""
    note_purchases(order_id=UUID(event.payload["order"]))


@subscribe("thread.message_posted", destination="orders.answers", strict=False)
def answer_disputes(event: Delivered) -> None:
    """What a dealer writes below a dispute answers what we asked."""
    told = event.payload
    if told["side"] == Side.DEALER and told["subject_type"] == "dispute":
        answer_by_message(dispute_id=UUID(told["subject_id"]), message_id=told["message"])
