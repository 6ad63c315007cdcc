"""What may not go where, or not in that way, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from distportal.common.remembering import remembered
from inventory.models import ShippingRestriction

if TYPE_CHECKING:
    from inventory.models import Item


def restrictions_on(items: Iterable[Item]) -> dict[int, list[ShippingRestriction]]:
    """By item id the restrictions that are about it, in one query at most."""
    rows = remembered("inventory.restrictions", lambda: list(ShippingRestriction.objects.filter(active=True)))
    return {item.pk: [row for row in rows if _is_about(row, item)] for item in items}


def forbidding(rows: Sequence[ShippingRestriction], *, region: str, method: str) -> ShippingRestriction | None:
    """The first that forbids the way. A method that nobody named is not forbidden: somebody may still choose it."""
    for row in rows:
        if (not row.regions or region in row.regions) and (not row.methods or method in row.methods):
            return row
    return None


def _is_about(row: ShippingRestriction, item: Item) -> bool:
    if row.item_id is not None:
        return row.item_id == item.pk
    if not item.hazmat or (row.limited_quantity_goes and item.hazard.get("limited_quantity")):
        return False
    told = item.hazard
    division = str(told.get("hazard_class", ""))
    return (
        (not row.un_number or row.un_number == told.get("un_number"))
        and (not row.hazard_class or division == row.hazard_class or division.startswith(f"{row.hazard_class}."))
        and (not row.packing_group or row.packing_group == told.get("packing_group"))
    )
