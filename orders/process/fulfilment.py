"""Record what left the warehouse."""

from __future__ import annotations

import uuid
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import F, Sum

from distportal.canonical.base import to_json
from distportal.canonical.shipments import Shipment as ShipmentFact
from distportal.observability.correlation import correlated
from inventory.process.reservations import note_departure
from orders.choices import LineStatus, OrderStatus
from orders.models import ErpCommand, Order, Shipment, ShipmentLine
from orders.process.booking import match_advices
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_order
from orders.process.states import move_order

log = structlog.get_logger(__name__)


@transaction.atomic
def record_shipment(*, fact: ShipmentFact, erp_id: str, version: str) -> Shipment | None:
    """The shipment, recorded once by its ERP id; None where the order is not ours (the ERP sells elsewhere too)."""
    command = ErpCommand.objects.filter(order_key=fact.order_key, order__isnull=False).first()
    if command is None or command.order_id is None:
        return None
    order = locked_order(command.order_id)
    if Shipment.objects.filter(erp_id=erp_id).exists():
        return None
    with correlated(order.correlation_id):
        row = _create(order, fact, erp_id, version, order.correlation_id)
        _count(order, row)
        whole = [line.demand_ref for line in order.lines.all() if line.shipped_quantity >= line.quantity]
        note_departure(demand_refs=whole, at=fact.shipped_at)
        match_advices(order)
        publish_order_fact(order, "order.shipped", shipment=str(row.pk))
    return row


def _create(order: Order, fact: ShipmentFact, erp_id: str, version: str, story: uuid.UUID) -> Shipment:
    row = Shipment.objects.create(
        number=fact.number,
        order=order,
        shipped_at=fact.shipped_at,
        carrier=fact.carrier,
        tracking_number=fact.tracking_number,
        bill_of_lading=fact.bill_of_lading,
        cartons=fact.cartons,
        estimated_delivery_on=fact.estimated_delivery_on,
        canonical=to_json(fact),
        erp_id=erp_id,
        erp_version=version,
        correlation_id=story,
    )
    lines = {line.line_no: line for line in order.lines.all()}
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=row, order_line=lines[told.order_line_no], quantity=told.quantity, carton=told.carton)
        for told in fact.lines
        if told.order_line_no in lines
    )
    return row


def _count(order: Order, shipment: Shipment) -> None:
    # By sums: one order line may lie in several cartons.
    for part in shipment.lines.values("order_line_id").annotate(sum=Sum("quantity")):
        order.lines.filter(pk=part["order_line_id"]).update(shipped_quantity=F("shipped_quantity") + part["sum"])
    live = order.lines.exclude(status__in=(LineStatus.REJECTED, LineStatus.CANCELLED))
    whole = all(line.shipped_quantity >= line.quantity for line in live)
    if order.status in (OrderStatus.CONFIRMED, OrderStatus.PART_SHIPPED):
        move_order(order, OrderStatus.SHIPPED if whole else OrderStatus.PART_SHIPPED)
    if any(line.shipped_quantity > line.quantity + Decimal("0.001") for line in live):
        log.warning("shipment.more_than_ordered", order=str(order), shipment=shipment.number)
