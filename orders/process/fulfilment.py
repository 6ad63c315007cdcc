"""Record what left the warehouse."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import Sum

from distportal.canonical.base import to_json
from distportal.canonical.shipments import Shipment as ShipmentFact
from distportal.observability.correlation import correlated
from distportal.systems.ownership import DEFAULT
from inventory.process.reservations import Departed, note_departure
from orders.choices import LineStatus, OrderStatus
from orders.models import ErpCommand, Order, OrderLine, Shipment, ShipmentLine
from orders.process.booking import match_advices
from orders.process.erp_told import keep_shipped_parts, our_quantity, our_shipment
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_order
from orders.process.repromising import settle_late_promises
from orders.process.states import move_order
from orders.queries.line_parts import lines_by_key

log = structlog.get_logger(__name__)


@transaction.atomic
def record_shipment(*, fact: ShipmentFact, erp_id: str, version: str, erp: str = DEFAULT) -> Shipment | None:
    """The shipment, recorded once by its ERP and the id there; None where the order is not ours (the ERP sells
    elsewhere too) or was given to another ERP.
    """
    command = ErpCommand.objects.filter(order_key=fact.order_key, erp=erp, order__isnull=False).first()
    if command is None or command.order_id is None:
        return None
    order = locked_order(command.order_id)
    if Shipment.objects.filter(erp=erp, erp_id=erp_id).exists():
        return None
    with correlated(order.correlation_id):
        lines = list(order.lines.all())
        row = _create(order, our_shipment(lines, fact), erp_id, version, order.correlation_id)
        ShipmentLine.objects.bulk_create(_shipped(row, lines, fact))
        _count(order, lines, fact)
        note_departure(departed=_departed(lines, fact), at=fact.shipped_at)
        match_advices(order)
        if order.status == OrderStatus.SHIPPED:
            settle_late_promises(order)
        publish_order_fact(order, "order.shipped", shipment=str(row.pk))
    return row


def _create(order: Order, fact: ShipmentFact, erp_id: str, version: str, story: uuid.UUID) -> Shipment:
    return Shipment.objects.create(
        number=fact.number,
        order=order,
        shipped_at=fact.shipped_at,
        carrier=fact.carrier,
        tracking_number=fact.tracking_number,
        bill_of_lading=fact.bill_of_lading,
        cartons=fact.cartons,
        estimated_delivery_on=fact.estimated_delivery_on,
        canonical=to_json(fact),
        erp=order.erp,
        erp_id=erp_id,
        erp_version=version,
        correlation_id=story,
    )


def _shipped(row: Shipment, lines: Sequence[OrderLine], fact: ShipmentFact) -> Iterator[ShipmentLine]:
    ours = lines_by_key(lines)
    for told in fact.lines:
        line = ours.get(told.order_line_no)
        if line is not None:
            yield ShipmentLine(
                shipment=row,
                order_line=line,
                quantity=our_quantity(line, told.quantity),
                erp_quantity=told.quantity if line.erp_quantity is not None else None,
                carton=told.carton,
                lot=told.lot[:48],
                expires_on=told.expires_on,
            )


def _count(order: Order, lines: Sequence[OrderLine], fact: ShipmentFact) -> None:
    ours = lines_by_key(lines)
    touched = {line.pk: line for told in fact.lines if (line := ours.get(told.order_line_no))}
    # By sums: one order line may lie in several cartons. What the ERP has in another unit is summed up in that unit.
    sums = (
        ShipmentLine.objects.filter(order_line__in=touched)
        .values("order_line_id")
        .annotate(here=Sum("quantity"), there=Sum("erp_quantity"))
    )
    for told in sums:
        line = touched[told["order_line_id"]]
        line.shipped_quantity = told["here"] if told["there"] is None else our_quantity(line, told["there"])
    for line in touched.values():
        line.save(update_fields=["shipped_quantity"])
    live = [line for line in lines if line.status not in (LineStatus.REJECTED, LineStatus.CANCELLED)]
    whole = all(line.shipped_quantity >= line.quantity for line in live)
    if order.status in (OrderStatus.CONFIRMED, OrderStatus.PART_SHIPPED):
        move_order(order, OrderStatus.SHIPPED if whole else OrderStatus.PART_SHIPPED)
    if any(line.shipped_quantity > line.quantity + Decimal("0.001") for line in live):
        log.warning("shipment.more_than_ordered", order=str(order), shipment=fact.number)


def _departed(lines: Sequence[OrderLine], fact: ShipmentFact) -> list[Departed]:
    """What of the lines has left whole: all of a line, or the part of one warehouse."""
    found = [Departed(ref=line.demand_ref) for line in lines if line.shipped_quantity >= line.quantity]
    for line in lines:
        if line.parts:
            gone = keep_shipped_parts(line, fact.lines)
            line.save(update_fields=["parts"])
            found += [Departed(ref=line.demand_ref, warehouse=warehouse) for warehouse in gone]
    return found
