"""The codes that cartons and pallets bear."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from edi.models import LogisticUnit, SharedUnit
from orders.models import WarehouseAdvice

Part = tuple[str, Decimal, str, str]
"""Line number, quantity in the order line's unit, SSCC of its carton, lot."""


def codes_of(shipment_id: UUID) -> dict[tuple[str, int], str]:
    """(Kind, number) -> SSCC-18 of what was coded of a shipment."""
    own = LogisticUnit.objects.filter(shipment_id=shipment_id).values_list("kind", "number", "sscc")
    shared = SharedUnit.objects.filter(shipment_id=shipment_id).values_list("unit__kind", "number", "unit__sscc")
    return {(kind, number): sscc for kind, number, sscc in (*own, *shared)}


def bearer_of(sscc: str) -> LogisticUnit:
    """The carton or pallet that got the code first. Raises LogisticUnit.DoesNotExist."""
    return LogisticUnit.objects.select_related("shipment__order").get(sscc=sscc)


def orders_in(ssccs: Collection[str]) -> dict[str, list[str]]:
    """Code -> the PO numbers whose goods are in it, for those that hold goods of several shipments."""
    shares = SharedUnit.objects.filter(unit__sscc__in=ssccs).select_related("unit__shipment__order", "shipment__order")
    found: dict[str, list[str]] = {}
    for share in shares.order_by("pk"):
        told = found.setdefault(share.unit.sscc, [share.unit.shipment.order.po_number])
        told.append(share.shipment.order.po_number)
    return {sscc: list(dict.fromkeys(numbers)) for sscc, numbers in found.items()}


def booked_parts(shipment_id: UUID) -> list[Part]:
    """What warehouses told of a shipment that the ERP booked just so."""
    rows = WarehouseAdvice.objects.filter(shipment_id=shipment_id).order_by("recorded_at", "pk")
    advices = list(rows.values_list("state", "parts"))
    if any(state != "booked" for state, _ in advices):
        return []
    return [(line_no, Decimal(quantity), sscc, lot) for _, parts in advices for line_no, quantity, sscc, lot in parts]
