"""Bring the lines of an order in step with a change that the ERP granted; what shipped stays as it shipped."""

from __future__ import annotations

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
from orders.process.orchestration import demand_ref
from orders.process.states import move_order

if TYPE_CHECKING:
    from inventory.models import Item

_ENDED = (LineStatus.REJECTED, LineStatus.CANCELLED)


def rewrite_lines(order: Order, draft: OrderDraft, state: OrderState) -> None:
    """The lines as the ERP holds them now, deleted ones cancelled, new ones at the end; total and status follow. The
    caller holds the order's row lock and wrote its version.
    """
    asked = {line.line_no: line for line in from_json(AskedOrder, order.canonical).lines}
    wanted, told = {d.line_key: d for d in draft.lines}, {s.line_key: s for s in state.lines}
    items = _items(order, draft)
    rows = {row.line_no: row for row in order.lines.select_related("item")}
    gone = [row for no, row in rows.items() if no not in wanted and row.status not in _ENDED]
    for row in gone:
        row.status, row.status_reason, row.confirmed_quantity = LineStatus.CANCELLED, "changed", row.shipped_quantity
        row.save(update_fields=["status", "status_reason", "confirmed_quantity"])
    last = max((row.position for row in rows.values()), default=0)
    for place, (no, line) in enumerate(wanted.items(), 1):
        row = rows.get(no) or OrderLine(order=order, line_no=no, position=last + place)
        _fill(row, line, items[line.sku], asked[no])
        _confirm(row, told.get(no))
        row.save()
    release(demand_refs=[demand_ref(row) for row in gone])
    note_erp_allocation(demand_refs=[demand_ref(row) for row in order.lines.all()], at=state.as_of)
    _follow(order)


def _items(order: Order, draft: OrderDraft) -> dict[str, Item]:
    """The items by SKU; the draft was made of them, so each is there."""
    names = [(ItemId(qualifier="sku", value=line.sku),) for line in draft.lines]
    return {item.sku: item for item in items_named(account_id=order.account_id, names=names) if item is not None}


def _fill(row: OrderLine, line: DraftLine, item: Item, asked: AskedLine) -> None:
    row.item = item
    row.asked_items = [{"qualifier": i.qualifier, "value": i.value, "code": i.code} for i in asked.items]
    row.description = (asked.description or item.name)[:200]
    row.quantity, row.unit, row.unit_price = line.quantity, line.unit, line.unit_price
    row.base_quantity = to_base(
        line.quantity, unit=line.unit, base_unit=item.base_unit, pack_unit=item.pack_unit, pack_size=item.pack_size
    )
    row.asked_price, row.requested_on = asked.unit_price, line.requested_on
    row.amount = to_cents((line.unit_price or Decimal(0)) * line.quantity)


def _confirm(row: OrderLine, told: ConfirmedLine | None) -> None:
    if told is None:
        return
    row.confirmed_quantity, row.promised_on = told.quantity, told.confirmed_on
    row.promise_reason = promise_text(told, row.quantity)
    row.status = LineStatus.ACCEPTED if told.quantity >= row.quantity else LineStatus.BACKORDERED


def _follow(order: Order) -> None:
    live = list(order.lines.exclude(status__in=_ENDED))
    order.total = sum((row.amount for row in live), Decimal(0))
    order.save(update_fields=["total", "updated_at"])
    if any(row.shipped_quantity for row in live) and all(row.shipped_quantity >= row.quantity for row in live):
        move_order(order, OrderStatus.SHIPPED)
