"""The codes that cartons and pallets bear."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from edi.models import LogisticUnit
from orders.models import WarehouseAdvice

Part = tuple[str, Decimal, str, str]
"""Line number, quantity in the order line's unit, SSCC of its carton, lot."""


def codes_of(shipment_id: UUID) -> dict[tuple[str, int], str]:
    """(Kind, number) -> SSCC-18 of what was coded of a shipment."""
    rows = LogisticUnit.objects.filter(shipment_id=shipment_id).values_list("kind", "number", "sscc")
    return {(kind, number): sscc for kind, number, sscc in rows}


def booked_parts(shipment_id: UUID) -> list[Part]:
    """What warehouses told of a shipment that the ERP booked just so."""
    rows = WarehouseAdvice.objects.filter(shipment_id=shipment_id).order_by("recorded_at", "pk")
    advices = list(rows.values_list("state", "parts"))
    if any(state != "booked" for state, _ in advices):
        return []
    return [(line_no, Decimal(quantity), sscc, lot) for _, parts in advices for line_no, quantity, sscc, lot in parts]
