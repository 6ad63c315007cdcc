"""What the ERP tells of its lines, as our order has them: by our line numbers and in the unit that was ordered.

Everything that comes back passes here once, so that nobody else has to know that the ERP has a line in another unit or
in several parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.shipments import Shipment, ShipmentLine
from distportal.common.money import to_cents
from distportal.systems.erp.port import ConfirmedLine
from orders.process.erp_lines import PRICE
from orders.queries.line_parts import lines_by_key, parts_of, stored_parts

if TYPE_CHECKING:
    from orders.models import OrderLine

FINEST = Decimal("0.001")


def our_quantity(line: OrderLine, told: Decimal) -> Decimal:
    """So much of the ERP's line in the unit that was ordered; three decimals."""
    if line.erp_quantity is None:
        return told
    return (told * line.quantity / line.erp_quantity).quantize(FINEST)


def confirmed_lines(
    lines: Sequence[OrderLine], told: Sequence[ConfirmedLine]
) -> dict[str, tuple[ConfirmedLine, list[ConfirmedLine]]]:
    """By our line number: all of it as one, and its parts; in the unit that was ordered, priced so. Of several days the
    last counts: then all of it is there.
    """
    ours, parts = lines_by_key(lines), dict[str, list[ConfirmedLine]]()
    for one in told:
        line = ours.get(one.line_key)
        if line is not None:
            parts.setdefault(line.line_no, []).append(_confirmed(line, one))
    return {no: (_sum(no, found), found) for no, found in parts.items()}


def _confirmed(line: OrderLine, told: ConfirmedLine) -> ConfirmedLine:
    price = told.unit_price
    if line.erp_quantity is not None:
        price = (price * line.erp_quantity / line.quantity).quantize(PRICE)
    return replace(told, quantity=our_quantity(line, told.quantity), unit_price=price)


def _sum(line_no: str, parts: Sequence[ConfirmedLine]) -> ConfirmedLine:
    days = [part.confirmed_on for part in parts]
    return replace(
        parts[0],
        line_key=line_no,
        quantity=sum((part.quantity for part in parts), Decimal(0)),
        confirmed_on=None if None in days else max(day for day in days if day),
        warehouse=parts[0].warehouse if len({part.warehouse for part in parts}) == 1 else "",
    )


def keep_confirmed_parts(line: OrderLine, told: Sequence[ConfirmedLine]) -> None:
    """The line's parts as the ERP confirmed them."""
    by_key = {one.line_key: one for one in told}
    line.parts = stored_parts(
        [
            replace(
                part,
                confirmed=by_key[part.key].quantity,
                on=by_key[part.key].confirmed_on,
                warehouse=by_key[part.key].warehouse or part.warehouse,
            )
            if part.key in by_key
            else part
            for part in parts_of(line)
        ]
    )


def keep_shipped_parts(line: OrderLine, told: Sequence[ShipmentLine]) -> list[str]:
    """The line's parts with what left of them; the warehouses whose part has left whole."""
    left: dict[str, Decimal] = {}
    for one in told:
        left[one.order_line_no] = left.get(one.order_line_no, Decimal(0)) + our_quantity(line, one.quantity)
    parts = [replace(part, shipped=part.shipped + left.get(part.key, Decimal(0))) for part in parts_of(line)]
    line.parts = stored_parts(parts)
    return [part.warehouse for part in parts if part.shipped >= part.quantity]


def our_shipment(lines: Sequence[OrderLine], fact: Shipment) -> Shipment:
    """The shipment by our line numbers and units; what names no line of ours stays as it was told."""
    ours = lines_by_key(lines)

    def converted(told: ShipmentLine) -> ShipmentLine:
        line = ours.get(told.order_line_no)
        if line is None:
            return told
        unit = told.unit if line.erp_quantity is None else line.unit
        return replace(told, order_line_no=line.line_no, quantity=our_quantity(line, told.quantity), unit=unit)

    return replace(fact, lines=tuple(converted(told) for told in fact.lines))


def our_invoice(lines: Sequence[OrderLine], fact: Invoice) -> Invoice:
    """The invoice by our line numbers, in the units and prices that were agreed; amounts are the ERP's."""
    ours = lines_by_key(lines)

    def converted(told: InvoiceLine) -> InvoiceLine:
        line = ours.get(told.order_line_no)
        if line is None:
            return told
        if line.erp_quantity is None or told.unit != line.erp_unit:
            return replace(told, order_line_no=line.line_no)
        return replace(
            told,
            order_line_no=line.line_no,
            quantity=our_quantity(line, told.quantity),
            unit=line.unit,
            unit_price=_price_of(line, told),
        )

    return replace(fact, lines=tuple(converted(told) for told in fact.lines))


def _price_of(line: OrderLine, told: InvoiceLine) -> Decimal:
    """The price in the ordered unit with which quantity times price is what was billed: as agreed where that is so,
    else with as few decimals as it takes.
    """
    quantity, exact = our_quantity(line, told.quantity), told.unit_price * (line.erp_quantity or 1) / line.quantity
    tries = [exact.quantize(Decimal(1).scaleb(-decimals)) for decimals in (4, 6, 9)]
    agreed = [line.unit_price] if line.unit_price is not None else []
    return next((price for price in (*agreed, *tries) if to_cents(price * quantity) == told.amount), tries[0])
