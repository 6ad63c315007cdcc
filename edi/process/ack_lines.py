"""The lines of a PO with what becomes of them, added up where several orders or days hold parts of one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from edi.documents.ack855 import AckLine
from edi.documents.ack_lines import summed
from edi.documents.options import OrderOptions
from edi.process.line_answers import Wanted, statuses_of
from edi.process.order_echo import asked_items, items_of_line
from edi.queries.facts import asked_canonical, line_reasons, lines_of_all

if TYPE_CHECKING:
    from orders.models import Order, OrderLine


def ack_lines_of(orders: Sequence[Order], options: OrderOptions) -> tuple[AckLine, ...]:
    """One line per number of the buyer's, in the order of the PO, with the codes that were agreed."""
    rows, reasons = lines_of_all(orders=orders), line_reasons(orders=orders)
    return added_up(line for order in orders for line in _lines(order, rows[order.pk], reasons, options))


def added_up(lines: Iterable[AckLine]) -> tuple[AckLine, ...]:
    """One line per number of the buyer's."""
    found: dict[str, AckLine] = {}
    for line in lines:
        known = found.get(line.line_no)
        found[line.line_no] = line if known is None else _sum(known, line)
    return tuple(found.values())


def _lines(
    order: Order, rows: Sequence[OrderLine], reasons: Mapping[tuple[UUID, str], str], options: OrderOptions
) -> Iterable[AckLine]:
    asked = from_json(AskedOrder, asked_canonical(order))
    wanted = {line.line_no: line for line in asked.lines}
    whole = order.closed_reason if order.status == "rejected" else ""
    for row in rows:
        want = Wanted(line=wanted.get(row.line_no), requested_on=asked.requested_on)
        told = statuses_of(row, want, reason=_reason(row, reasons, whole), options=options)
        substituted = any(status.code == "IS" for status in told)
        yield AckLine(
            line_no=(want.line.buyer_line if want.line else "") or row.line_no,
            quantity=want.line.quantity if want.line else row.quantity,
            unit=row.unit,
            unit_price=row.unit_price,
            items=(want.line.items if want.line else asked_items(row)) if substituted else items_of_line(row),
            statuses=told,
            description=row.description,
        )


def _reason(row: OrderLine, reasons: Mapping[tuple[UUID, str], str], whole: str) -> str:
    """What a person said weighs more than what the rules found."""
    said = whole if row.status_reason == "rejected" else ""
    return said or reasons.get((row.order_id, row.line_no), "") or whole


def _sum(one: AckLine, other: AckLine) -> AckLine:
    """Two parts of a line as one: what became of them alike is added up."""
    return replace(one, quantity=one.quantity + other.quantity, statuses=summed((*one.statuses, *other.statuses)))
