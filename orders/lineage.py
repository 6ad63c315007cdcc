"""What orders add to a story: arrivals, decisions, ERP commands, shipments, invoices, disputes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.urls import reverse

from distportal.common.money import show_money
from distportal.events.lineage import Step, lineage_provider
from orders.models import Dispute, ErpCommand, Invoice, Order, OrderVersion, Shipment, TrackingEvent
from orders.queries.advices import advices_of_story


@lineage_provider("orders")
def order_steps(correlation_id: uuid.UUID) -> Iterator[Step]:
    """All steps of the orders that carry the id, and of what follows them."""
    for order in Order.objects.filter(correlation_id=correlation_id).select_related("account"):
        url = reverse("orders:detail", args=[order.number])
        yield Step(
            at=order.placed_at, kind="order", title=f"Order {order}", key=f"order:{order.pk}", url=url,
            state=order.status,
            detail=f"PO {order.po_number} by {order.channel}, {show_money(order.total, order.currency)}",
        )  # fmt: skip
        for version in OrderVersion.objects.filter(order=order, version__gt=1):
            what = "; ".join(f"{c['field']}: {c['old'] or 'nothing'} → {c['new']}" for c in version.changes)
            yield Step(
                at=version.at, kind="correction", title=f"Corrected to version {version.version}",
                key=f"version:{version.pk}",
                parent=f"order:{order.pk}", detail=f"{what} ({version.reason}, {version.actor})", internal=True,
            )  # fmt: skip
    yield from _commands(correlation_id)
    yield from _papers(correlation_id)
    yield from _movements(correlation_id)


def _commands(correlation_id: uuid.UUID) -> Iterator[Step]:
    for command in ErpCommand.objects.filter(correlation_id=correlation_id):
        parent = f"order:{command.order_id}" if command.order_id else f"dispute:{command.dispute_id}"
        yield Step(
            at=command.settled_at or command.requested_at, kind="erp", title=_command_title(command),
            key=f"command:{command.pk}", parent=parent, state=command.state, internal=True,
            detail=f"key {command.order_key}, sent {command.attempts}×, {command.get_state_display()}",
        )  # fmt: skip


def _command_title(command: ErpCommand) -> str:
    what = "ERP credit request" if command.dispute_id else "ERP order"
    return f"{what} {command.erp_number or 'on its way'}"


def _papers(correlation_id: uuid.UUID) -> Iterator[Step]:
    for shipment in Shipment.objects.filter(correlation_id=correlation_id):
        yield Step(
            at=shipment.recorded_at, kind="shipment", title=f"Shipment {shipment.number}",
            key=f"shipment:{shipment.pk}",
            parent=f"order:{shipment.order_id}", detail=f"{shipment.carrier} {shipment.tracking_number}",
            url=reverse("orders:detail", args=[shipment.order.number]),
        )  # fmt: skip
    for invoice in Invoice.objects.filter(correlation_id=correlation_id):
        parent = f"invoice:{invoice.corrects_id}" if invoice.corrects_id else f"order:{invoice.order_id}"
        yield Step(
            at=invoice.recorded_at, kind=invoice.kind, title=f"{invoice.get_kind_display()} {invoice.number}",
            key=f"invoice:{invoice.pk}", parent=parent, detail=show_money(invoice.total, invoice.currency),
            url=reverse("orders:invoice", args=[invoice.number]),
        )  # fmt: skip
    for dispute in Dispute.objects.filter(correlation_id=correlation_id):
        yield Step(
            at=dispute.opened_at, kind="dispute", title=f"Dispute {dispute}", key=f"dispute:{dispute.pk}",
            parent=f"invoice:{dispute.invoice_id}", state=dispute.status,
            url=reverse("orders:dispute", args=[dispute.number]),
            detail=f"{dispute.get_reason_display()}, {show_money(dispute.amount_claimed, dispute.currency)} claimed",
        )  # fmt: skip


def _movements(correlation_id: uuid.UUID) -> Iterator[Step]:
    """What warehouses and carriers told; the advice of a warehouse is for staff, where the goods are for the dealer."""
    for advice in advices_of_story(correlation_id):
        yield Step(
            at=advice.recorded_at, kind="warehouse", title=f"{advice.source} shipped {advice.number}",
            key=f"advice:{advice.pk}",
            parent=f"shipment:{advice.shipment_id}" if advice.shipment_id else f"order:{advice.order_id}",
            state=advice.state, internal=True,
            detail=f"from {advice.warehouse}, {advice.get_state_display().lower()}"
            + (f": {advice.findings[0]}" if advice.findings else ""),
        )  # fmt: skip
    events = TrackingEvent.objects.filter(shipment__correlation_id=correlation_id).select_related("shipment__order")
    for event in events:
        yield Step(
            at=event.recorded_at, kind="tracking", title=event.meaning, key=f"tracking:{event.pk}",
            parent=f"shipment:{event.shipment_id}",
            detail=" · ".join(part for part in (f"{event.at:%d %b %Y %H:%M}", event.place, event.reason) if part),
            url=reverse("orders:detail", args=[event.shipment.order.number]),
        )  # fmt: skip
