"""What a warehouse should ship by what an order says now, whichever way it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from distportal.canonical.base import content_hash, from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.warehouse import WarehouseLine, WarehouseOrder
from orders.choices import LineStatus, OrderStatus
from orders.models import Order, OrderLine
from orders.queries.line_parts import parts_of
from orders.queries.warehouses import place_of

SHIPPABLE = (OrderStatus.CONFIRMED, OrderStatus.PART_SHIPPED)
_DEAD = (LineStatus.REJECTED, LineStatus.CANCELLED)


def told_to_warehouses(order: Order) -> bool:
    """Whether the order is in a state of which warehouses hear: bound by the ERP, or ended."""
    return order.status in (*SHIPPABLE, *OrderStatus.DEAD)


def wanted_of(order: Order, places: Mapping[str, str], code: str, warehouse: Address) -> WarehouseOrder:
    """What the warehouse `code` should ship now, at the confirmed quantities; without lines where that is nothing.

    `places` is line number (or key of a line's part) -> warehouse code, `warehouse` what its people call it.
    """
    rows = order.lines.select_related("item").order_by("position") if order.status in SHIPPABLE else ()
    lines = [
        _line(row, confirmed)
        for row in rows
        for key, confirmed in _shares(row)
        if _is_live(row) and confirmed > 0 and places.get(key) == code
    ]
    return WarehouseOrder(
        number="",
        purpose="original",
        order_number=str(order),
        warehouse=warehouse,
        ship_to=place_of(order) or from_json(AskedOrder, order.canonical).ship_to,
        lines=tuple(lines),
        po_number=order.po_number,
        requested_on=order.requested_on,
        cancel_after=order.cancel_after,
        ship_complete=order.ship_complete,
    )


def following(
    before: WarehouseOrder | None, wanted: WarehouseOrder, *, number: str, sequence: int
) -> WarehouseOrder | None:
    """The instruction that follows the last one, numbered `sequence`; None where nothing is to be said.

    A first one is original under `number`, other content a change under the same number, no content a cancellation.
    """
    if before is None or before.purpose == "cancel":
        again = f"-{sequence}" if before else ""
        return replace(wanted, number=f"{number[: 22 - len(again)]}{again}") if wanted.lines else None
    if not wanted.lines:
        return replace(before, purpose="cancel")
    if content_hash(wanted) == content_hash(replace(before, number="", purpose="original")):
        return None
    return replace(wanted, number=before.number, purpose="change")


def _shares(row: OrderLine) -> list[tuple[str, Decimal]]:
    """What the ERP confirmed of the line, or of each of its parts, in the line's unit."""
    parts = [(part.key, part.confirmed) for part in parts_of(row)]
    return parts or [(row.line_no, row.confirmed_quantity)]


def _is_live(row: OrderLine) -> bool:
    return row.status not in _DEAD and row.item is not None


def _line(row: OrderLine, confirmed: Decimal) -> WarehouseLine:
    """In the unit of the item master, which is what a warehouse counts in."""
    quantity, unit = confirmed, row.unit
    if row.item is not None and unit != row.item.base_unit and row.base_quantity and row.quantity:
        unit = row.item.base_unit
        quantity = (quantity * row.base_quantity / row.quantity).quantize(Decimal("0.001"))
    name = row.description or (row.item.name if row.item else "")
    # Our own numbers alone: what the buyer calls it means nothing to a warehouse.
    items = [ItemId(qualifier="sku", value=row.item.sku)] if row.item else []
    items += [ItemId(qualifier="upc", value=row.item.upc)] if row.item and row.item.upc else []
    return WarehouseLine(line_no=row.line_no, items=tuple(items), quantity=quantity, unit=unit, description=name)
