"""Which shipments wait for one another, and which of them cannot wait any longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from distportal.canonical.base import content_hash, from_json
from distportal.canonical.shipments import Shipment as ShipmentFact
from edi.choices import DueState
from edi.models import DepartedShipment, Departure, Document, DueDocument, TradingPartner
from edi.queries.agreements import wants
from edi.queries.facts import source_document
from orders.models import Shipment


def notified_partner(row: Shipment) -> TradingPartner | None:
    """Who waits for a ship notice of it."""
    source = source_document(order_id=row.order_id)
    return source.partner if source is not None and wants(source.partner, "856") else None


def load_key(row: Shipment) -> str:
    """What shipments of one load have in common: place, warehouse, carrier and the bill of lading, or the carrier's own
    number where there is none. "" where the ERP tells neither: then nobody can say what it went with.
    """
    number = row.bill_of_lading or row.tracking_number
    fact = from_json(ShipmentFact, row.canonical)
    place = fact.ship_to.code or f"{fact.ship_to.name} {fact.ship_to.postcode}"
    return content_hash([place, fact.ship_from.code, row.carrier, number]) if number else ""


def departure_of(*, shipment_id: UUID) -> Departure | None:
    """The departure the shipment is in."""
    rows = DepartedShipment.objects.filter(shipment_id=shipment_id).select_related("departure__document")
    return next((row.departure for row in rows), None)


def shipments_of(departure: Departure) -> list[Shipment]:
    """What is in a departure, the parts of an order together, orders by number."""
    rows = DepartedShipment.objects.filter(departure=departure).select_related("shipment__order")
    return [row.shipment for row in rows.order_by("shipment__order__number", "shipment__number")]


def shipments_in(document: Document) -> list[Shipment]:
    """What an 856 announces."""
    rows = Shipment.objects.filter(
        pk__in=DepartedShipment.objects.filter(departure__document=document).values("shipment")
    )
    return list(rows.select_related("order").order_by("order__number", "number")) or (
        [document.shipment] if document.shipment else []
    )


def waiting_departures(partner: TradingPartner) -> QuerySet[Departure]:
    """What waits for more of its load, the first to leave first."""
    rows = Departure.objects.filter(partner=partner, document=None).order_by("closes_at")
    return rows.prefetch_related("parts__shipment__order")


def announced_with(*, order_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """(856, shipment) and (856, order) of what went in a departure of these orders."""
    rows = DepartedShipment.objects.filter(shipment__order__in=order_ids, departure__document__isnull=False)
    found: set[tuple[UUID, UUID]] = set()
    for document_id, *about in rows.values_list("departure__document_id", "shipment_id", "shipment__order_id"):
        found |= {(document_id, one) for one in about}
    return found


def departures_pressed(*, by: dt.datetime) -> list[UUID]:
    """The open departures with a ship notice that is due by then, or warned of already."""
    near = Q(due_at__lte=by) | Q(warn_at__lte=by)
    due = DueDocument.objects.filter(near, set_id="856", state=DueState.OPEN, partner=OuterRef("departure__partner"))
    ours = due.filter(Q(shipment=OuterRef("shipment")) | Q(shipment=None, order=OuterRef("shipment__order")))
    rows = DepartedShipment.objects.filter(Exists(ours), departure__document=None)
    return list(rows.order_by(F("departure__opened_at")).values_list("departure_id", flat=True).distinct())
