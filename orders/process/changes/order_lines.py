"""Bring the lines of an order in step with a change that the ERP granted; what shipped stays as it shipped."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from distportal.canonical.parts import ItemId
from distportal.common.money import to_cents
from distportal.common.units import to_base
from distportal.systems.erp.port import ConfirmedLine, DraftLine, OrderDraft, OrderState
from inventory.process.reservations import note_erp_allocation, release
from inventory.queries.items import items_named
from orders.choices import LineStatus, OrderStatus
from orders.models import Order, OrderLine
from orders.process.confirmation import promise_text
from orders.process.erp_lines import converted_price
from orders.process.erp_told import confirmed_lines, keep_confirmed_parts, our_quantity
from orders.process.states import move_order
from orders.queries.line_parts import LinePart, parts_of, stored_parts

if TYPE_CHECKING:
    from inventory.models import Item

_ENDED = (LineStatus.REJECTED, LineStatus.CANCELLED)


def rewrite_lines(order: Order, draft: OrderDraft, state: OrderState) -> None:
    """The lines as the ERP holds them now, deleted ones cancelled, new ones at the end; total and status follow. The
    caller holds the order's row lock and wrote its version.
    """
    asked = {line.line_no: line for line in from_json(AskedOrder, order.canonical).lines}
    wanted: dict[str, list[DraftLine]] = {}
    for line in draft.lines:
        wanted.setdefault(line.part_of or line.line_key, []).append(line)
    items = _items(order, draft)
    rows = {row.line_no: row for row in order.lines.select_related("item")}
    gone = [row for no, row in rows.items() if no not in wanted and row.status not in _ENDED]
    for row in gone:
        row.status, row.status_reason, row.confirmed_quantity = LineStatus.CANCELLED, "changed", row.shipped_quantity
        row.save(update_fields=["status", "status_reason", "confirmed_quantity"])
    last = max((row.position for row in rows.values()), default=0)
    for place, (no, drafted) in enumerate(wanted.items(), 1):
        row = rows.get(no) or OrderLine(order=order, line_no=no, position=last + place)
        _fill(row, drafted, items[drafted[0].sku], asked[no])
        if no in (told := confirmed_lines([row], state.lines)):
            _confirm(row, *told[no])
        row.save()
    release(demand_refs=[row.demand_ref for row in gone])
    note_erp_allocation(taken_at={row.demand_ref: state.as_of for row in order.lines.all()}, erp=order.erp)
    _follow(order)


def _items(order: Order, draft: OrderDraft) -> dict[str, Item]:
    """The items by SKU; the draft was made of them, so each is there."""
    names = [(ItemId(qualifier="sku", value=line.sku),) for line in draft.lines]
    return {item.sku: item for item in items_named(account_id=order.account_id, names=names) if item is not None}


def _fill(row: OrderLine, drafted: Sequence[DraftLine], item: Item, asked: AskedLine) -> None:
    """The line as the ERP was asked for it, in the unit that the buyer asked."""
    line, erp_quantity = drafted[0], sum((one.quantity for one in drafted), Decimal(0))
    row.original_item_id = row.original_item_id if row.item_id == item.pk else None
    row.item = item
    row.asked_items = [{"qualifier": i.qualifier, "value": i.value, "code": i.code} for i in asked.items]
    row.description = (asked.description or item.name)[:200]
    row.base_quantity = to_base(erp_quantity, unit=line.unit, packs=item.levels)
    row.unit = asked.unit
    row.quantity = row.base_quantity / to_base(Decimal(1), unit=asked.unit, packs=item.levels)
    row.erp_unit, row.erp_quantity = (line.unit, erp_quantity) if line.unit != asked.unit else ("", None)
    row.unit_price = _price(row, line, asked)
    row.asked_price, row.requested_on, row.shipping = asked.unit_price, line.requested_on, asked.shipping
    row.amount = to_cents((row.unit_price or Decimal(0)) * row.quantity)
    row.parts = stored_parts(_parts(row, drafted))


def _price(row: OrderLine, line: DraftLine, asked: AskedLine) -> Decimal | None:
    """Per unit that was asked: as stated or as it was, where the ERP's price is that; else the ERP's, brought over."""
    if line.unit_price is None or row.erp_quantity is None:
        return line.unit_price
    known = [price for price in (asked.unit_price, row.unit_price) if price is not None]
    same = (p for p in known if converted_price(p, row.quantity, row.erp_quantity) == line.unit_price)
    return next(same, None) or converted_price(line.unit_price, row.erp_quantity, row.quantity)


def _parts(row: OrderLine, drafted: Sequence[DraftLine]) -> list[LinePart]:
    """The parts as they were drafted; what has left of one stays so."""
    if [one.line_key for one in drafted] == [row.line_no]:
        return []
    before = {part.key: part for part in parts_of(row)}
    return [
        LinePart(
            key=one.line_key,
            warehouse=one.warehouse,
            quantity=our_quantity(row, one.quantity),
            shipped=before[one.line_key].shipped if one.line_key in before else Decimal(0),
        )
        for one in drafted
    ]


def _confirm(row: OrderLine, told: ConfirmedLine, parts: Sequence[ConfirmedLine]) -> None:
    row.confirmed_quantity = told.quantity
    row.promise_reason = promise_text(told, row.quantity)
    row.status = LineStatus.ACCEPTED if told.quantity >= row.quantity else LineStatus.BACKORDERED
    keep_confirmed_parts(row, parts)


def _follow(order: Order) -> None:
    live = list(order.lines.exclude(status__in=_ENDED))
    order.total = sum((row.amount for row in live), Decimal(0))
    order.save(update_fields=["total", "updated_at"])
    if any(row.shipped_quantity for row in live) and all(row.shipped_quantity >= row.quantity for row in live):
        move_order(order, OrderStatus.SHIPPED)
