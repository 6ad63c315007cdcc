"""A changed line as the ERP shall have it: in the unit it is sold in, its parts kept as far as they can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from distportal.systems.erp.port import DraftLine
from orders.models import OrderLine
from orders.process.erp_lines import erp_lines, set_erp_unit
from orders.process.rules import LineFacts
from orders.queries.line_parts import LinePart, parts_of, stored_parts

ZERO = Decimal(0)


def of_fact(fact: LineFacts, row: OrderLine | None, keys: Iterator[str]) -> list[DraftLine]:
    """The ERP's lines of a changed line. `row` is the line as it stands, None for a new one; `keys` are free.

    A line in parts stays in those parts: what is added goes to the first, what is taken off is taken from the last that
    has not left. Another item is sent from wherever the ERP finds it.
    """
    line = OrderLine(
        line_no=fact.line.line_no,
        item=fact.item,
        quantity=fact.line.quantity,
        unit=fact.line.unit,
        base_quantity=fact.base_quantity or ZERO,
        unit_price=fact.price,
        requested_on=fact.line.requested_on,
        shipping=fact.line.shipping,
    )
    set_erp_unit(line)
    same_item = row is not None and row.item_id is not None and fact.item is not None and row.item_id == fact.item.pk
    warehouses: dict[int, str] = {}
    if row is not None and same_item:
        if row.warehouse is not None:
            line.warehouse_id, warehouses = row.warehouse.pk, {row.warehouse.pk: row.warehouse.code}
        line.parts = stored_parts(_resized(row, line))
    return list(erp_lines(line, sku=fact.item.sku if fact.item else "", warehouses=warehouses))


def _resized(row: OrderLine, line: OrderLine) -> list[LinePart]:
    """The parts of the row at the line's new quantity, in its unit; none are left empty that have not left."""
    parts = parts_of(row)
    if not parts:
        return []
    size = row.base_quantity / row.quantity * line.quantity / line.base_quantity
    parts = [replace(p, quantity=p.quantity * size, shipped=p.shipped * size, confirmed=ZERO) for p in parts]
    more = line.quantity - sum((part.quantity for part in parts), ZERO)
    if more >= 0:
        parts[0] = replace(parts[0], quantity=parts[0].quantity + more)
        return parts
    return [part for part in _cut(parts, -more) if part.quantity > 0 or part.shipped > 0]


def _cut(parts: Sequence[LinePart], less: Decimal) -> list[LinePart]:
    kept = []
    for part in reversed(parts):
        off = min(less, part.quantity - part.shipped)
        less -= off
        kept.append(replace(part, quantity=part.quantity - off))
    return kept[::-1]
