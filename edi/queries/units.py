"""The codes that cartons and pallets bear."""

from __future__ import annotations

from uuid import UUID

from edi.models import LogisticUnit


def codes_of(shipment_id: UUID) -> dict[tuple[str, int], str]:
    """(Kind, number) -> SSCC-18 of what was coded of a shipment."""
    rows = LogisticUnit.objects.filter(shipment_id=shipment_id).values_list("kind", "number", "sscc")
    return {(kind, number): sscc for kind, number, sscc in rows}
