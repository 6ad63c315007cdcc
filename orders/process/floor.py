"""How far the people of a warehouse are with an instruction: news that comes late never takes it back."""

from __future__ import annotations

from orders.choices import FloorStage
from orders.models import WarehouseRelease

_ORDER = ("", FloorStage.RECEIVED, FloorStage.PICKING, FloorStage.PACKED, FloorStage.SHIPPED)


def note_stage(row: WarehouseRelease, stage: str) -> bool:
    """Whether the floor is further than was known. What has left is not cancelled by a later word."""
    if stage == FloorStage.CANCELLED:
        further = row.stage not in (FloorStage.SHIPPED, FloorStage.CANCELLED)
    elif row.stage == FloorStage.CANCELLED:
        further = stage == FloorStage.SHIPPED
    else:
        further = stage in _ORDER and _ORDER.index(FloorStage(stage)) > _ORDER.index(row.stage)
    if further:
        WarehouseRelease.objects.filter(pk=row.pk).update(stage=stage)
        row.stage = stage
    return further
