"""940: tell the partners who run warehouses what to ship, once the ERP has confirmed it; change and cancel follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import content_hash, from_json, to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.warehouse import WarehouseLine, WarehouseOrder
from edi.documents.order940 import write_940
from edi.models import Document, WarehouseLink
from edi.models import WarehouseOrder as Instruction
from edi.process.control_numbers import hold_numbers
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants, written_release
from edi.queries.facts import lines_of, order_of, ship_to_of
from edi.queries.warehouses import erp_warehouses, last_instruction, links_of
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from orders.models import Order, OrderLine

_SHIPPABLE = ("confirmed", "part_shipped")
_DEAD = ("rejected", "cancelled")
_CODES = {"original": "N", "change": "R", "cancel": "F"}


@transaction.atomic
def instruct_warehouses(*, order_id: UUID) -> list[Document]:
    """The 940s that bring each partner's warehouse to what the order says now; none where it knows that already.

    A first order is original, another content a change under the same number, no content left a cancellation.
    """
    order = order_of(order_id=order_id)
    if order.status not in (*_SHIPPABLE, *_DEAD):
        return []
    rows, told = lines_of(order_id=order_id), erp_warehouses(order_id=order_id)
    places = {row.line_no: told.get(row.line_no) or (row.warehouse.code if row.warehouse else "") for row in rows}
    made = (_instruct(order, rows, places, link) for link in links_of(order, set(places.values()) - {""}))
    return [document for document in made if document is not None]


def _instruct(
    order: Order, rows: Sequence[OrderLine], places: Mapping[str, str], link: WarehouseLink
) -> Document | None:
    if not wants(link.partner, "940"):
        return None
    hold_numbers(partner=link.partner)
    before = last_instruction(order_id=order.pk, warehouse_id=link.warehouse_id)
    wanted = _wanted(order, rows, places, link)
    order_now = _next(before, wanted, f"{order}-{link.warehouse.code}"[:22])
    return None if order_now is None else _send(order, link, before, order_now)


def _wanted(order: Order, rows: Sequence[OrderLine], places: Mapping[str, str], link: WarehouseLink) -> WarehouseOrder:
    """What the warehouse should ship by what the order says now; without lines where that is nothing."""
    live = order.status in _SHIPPABLE
    lines = [_line(row) for row in rows if live and _is_due(row) and places[row.line_no] == link.warehouse.code]
    return WarehouseOrder(
        number="",
        purpose="original",
        order_number=str(order),
        warehouse=Address(code=link.their_code or link.warehouse.code, name=link.warehouse.name),
        ship_to=ship_to_of(order_id=order.pk) or from_json(AskedOrder, order.canonical).ship_to,
        lines=tuple(lines),
        po_number=order.po_number,
        requested_on=order.requested_on,
        cancel_after=order.cancel_after,
        ship_complete=order.ship_complete,
    )


def _is_due(row: OrderLine) -> bool:
    return row.status not in _DEAD and row.item is not None and row.confirmed_quantity > 0


def _line(row: OrderLine) -> WarehouseLine:
    """In the unit of the item master, which is what a warehouse counts in."""
    quantity, unit = row.confirmed_quantity, row.unit
    if row.item is not None and unit != row.item.base_unit and row.base_quantity and row.quantity:
        unit = row.item.base_unit
        quantity = (quantity * row.base_quantity / row.quantity).quantize(Decimal("0.001"))
    name = row.description or (row.item.name if row.item else "")
    # Our own numbers alone: what the buyer calls it means nothing to a warehouse.
    items = [ItemId(qualifier="sku", value=row.item.sku)] if row.item else []
    items += [ItemId(qualifier="upc", value=row.item.upc)] if row.item and row.item.upc else []
    return WarehouseLine(line_no=row.line_no, items=tuple(items), quantity=quantity, unit=unit, description=name)


def _next(before: Instruction | None, wanted: WarehouseOrder, number: str) -> WarehouseOrder | None:
    """The instruction that follows the last one, None where nothing is to be said."""
    if before is None or before.purpose == "F":
        again = f"-{before.sequence + 1}" if before else ""
        return replace(wanted, number=f"{number[: 22 - len(again)]}{again}") if wanted.lines else None
    if not wanted.lines:
        return replace(from_json(WarehouseOrder, before.canonical), purpose="cancel")
    if content_hash(wanted) == before.content_hash:
        return None
    return replace(wanted, number=before.number, purpose="change")


def _send(order: Order, link: WarehouseLink, before: Instruction | None, now: WarehouseOrder) -> Document:
    sequence = before.sequence + 1 if before else 1
    document = send_set(
        partner=link.partner,
        outgoing=Outgoing(
            set_id="940",
            business_key=f"940:{order.pk}:{link.warehouse_id}:{sequence}",
            body=write_940(now, release=release_of(written_release(link.partner, "940"))),
            order_id=order.pk,
        ),
    )
    Instruction.objects.create(
        order=order,
        partner=link.partner,
        warehouse=link.warehouse,
        number=now.number,
        sequence=sequence,
        purpose=_CODES[now.purpose],
        canonical=to_json(now),
        content_hash=content_hash(replace(now, number="", purpose="original")),
        document=document,
    )
    return document
