"""Order lines as the ERP has them: in a unit it sells, one line for each warehouse that sends a part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.systems.erp.port import DraftLine
from inventory.queries.packs import sales_level
from orders.choices import LineShipping
from orders.queries.line_parts import parts_of

if TYPE_CHECKING:
    from orders.models import InvoiceLine, OrderLine

PRICE = Decimal("0.0001")
FIRST_KEY = 900001
"""Parts are numbered from here on: every ERP takes a line number of up to six digits, and buyers use small ones."""


def converted_price(price: Decimal, quantity: Decimal, erp_quantity: Decimal) -> Decimal:
    """The price of one in the ERP's unit, so that the line comes to the same; four decimals, half even."""
    return price if erp_quantity == quantity else (price * quantity / erp_quantity).quantize(PRICE)


def set_erp_unit(line: OrderLine) -> None:
    """The line says in which unit the ERP gets it, where that is not the one that was asked."""
    line.erp_unit, line.erp_quantity = "", None
    if line.item is None or line.base_quantity <= 0:
        return
    level = sales_level(line.item, line.base_quantity, line.unit)
    if level is not None and level.unit != line.unit:
        line.erp_unit, line.erp_quantity = level.unit, line.base_quantity / level.size


def erp_lines(line: OrderLine, *, sku: str, warehouses: Mapping[int, str]) -> Iterator[DraftLine]:
    """The ERP's lines of one of ours; `warehouses` are the codes by id. Each names our line in `part_of` where its own
    key is another.
    """
    whole = (line.warehouse_id and warehouses.get(line.warehouse_id)) or ""
    found = [(part.key, part.quantity, part.warehouse) for part in parts_of(line)]
    for key, quantity, warehouse in found or [(line.line_no, line.quantity, whole)]:
        yield DraftLine(
            line_key=key,
            sku=sku,
            quantity=erp_quantity_of(line, quantity),
            unit=line.erp_unit or line.unit,
            unit_price=erp_price_of(line),
            warehouse=warehouse,
            requested_on=line.requested_on,
            part_of=line.line_no if key != line.line_no else "",
            with_rest=line.shipping == LineShipping.REST,
        )


def erp_quantity_of(line: OrderLine, quantity: Decimal) -> Decimal:
    """So much of our line in the ERP's unit."""
    return quantity if line.erp_quantity is None else quantity * line.erp_quantity / line.quantity


def erp_price_of(line: OrderLine) -> Decimal | None:
    """The price of the line in the ERP's unit."""
    if line.unit_price is None or line.erp_quantity is None:
        return line.unit_price
    return converted_price(line.unit_price, line.quantity, line.erp_quantity)


def erp_unit_of(billed: InvoiceLine) -> str:
    """The unit in which the ERP billed a line: the one that was ordered, unless the ERP has it in another."""
    line = billed.order_line
    return line.erp_unit if line is not None and line.erp_unit and billed.unit == line.unit else billed.unit


def part_keys(line_nos: Sequence[str]) -> Iterator[str]:
    """Keys for parts that no line of the order has."""
    taken, number = set(line_nos), FIRST_KEY
    while True:
        if str(number) not in taken:
            yield str(number)
        number += 1
