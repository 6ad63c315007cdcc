"""A receipt that was promised of has moved: the buyer is told the new days by the set that was agreed, 855 or 865."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.documents.ack855 import AckLine
from edi.documents.ack_header import code_of
from edi.documents.poa865 import PURPOSE_CODES, ChangeAckLine, ChangeAcknowledgment, write_865
from edi.models import Document
from edi.process.ack_lines import ack_lines_of
from edi.process.acknowledging import is_decided, send_855
from edi.process.control_numbers import hold_numbers
from edi.process.order_echo import echo_of
from edi.process.order_options import order_options
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants, written_release
from edi.queries.documents import sent_document
from edi.queries.facts import asked_canonical, order_statuses, orders_of, source_document
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from orders.models import Order

DATES_CHANGE = "CT"
"""POC02, X12 element 670."""


@transaction.atomic
def tell_moved_order(*, order_id: UUID, turn: int, line_nos: Collection[str]) -> Document | None:
    """The days that are promised now, where that was agreed: the 855 once more, or an 865 of our own with the lines
    that moved; `turn` tells one move from the next. None for the others, and for a PO that was not answered yet: its
    answer has the days of then.
    """
    source = source_document(order_id=order_id)
    if source is None or not order_options(source.partner).tell_moved:
        return None
    set_id = order_options(source.partner).moved_set
    if not wants(source.partner, set_id):
        return None
    statuses, orders = order_statuses(source), orders_of(source)
    if not all(is_decided(status, alone=len(statuses) == 1) for status in statuses):
        return None
    if set_id == "855":
        return send_855(source, orders, suffix=f":moved{turn}")
    moved = [order for order in orders if order.pk == order_id]
    return _send_865(source, moved, turn, line_nos)


def _send_865(source: Document, orders: Sequence[Order], turn: int, line_nos: Collection[str]) -> Document | None:
    key = f"865:{orders[0].pk}:moved{turn}"
    hold_numbers(partner=source.partner)
    if known := sent_document(set_id="865", business_key=key):
        return known
    told = _buyers_numbers(orders[0], line_nos)
    answered = ack_lines_of(orders, order_options(source.partner))
    lines = tuple(_line(line) for line in answered if line.line_no in told and line.statuses)
    if not lines:
        return None
    body = write_865(_answer(orders[0], lines), release=release_of(written_release(source.partner, "865")))
    outgoing = Outgoing(set_id="865", business_key=key, body=body, order_id=orders[0].pk)
    return send_set(partner=source.partner, outgoing=outgoing)


def _buyers_numbers(order: Order, line_nos: Collection[str]) -> set[str]:
    asked = from_json(AskedOrder, asked_canonical(order))
    theirs = {line.line_no: line.buyer_line or line.line_no for line in asked.lines}
    return {theirs.get(line_no, line_no) for line_no in line_nos}


def _line(line: AckLine) -> ChangeAckLine:
    return ChangeAckLine(
        line_no=line.line_no,
        code=DATES_CHANGE,
        quantity=line.quantity,
        left=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        items=line.items,
        statuses=line.statuses,
    )


def _answer(order: Order, lines: tuple[ChangeAckLine, ...]) -> ChangeAcknowledgment:
    echo, today = echo_of(order, []), site_day(database_now())
    return ChangeAcknowledgment(
        purpose=PURPOSE_CODES["change"],
        ack_type=code_of("mixed"),
        po_number=order.po_number,
        ordered_on=order.ordered_on,
        acknowledged_on=today,
        changed_on=today,
        lines=lines,
        order_number=str(order),
        currency=order.currency,
        references=echo.facts.references,
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code,
        reason="The receipt that was promised of has moved",
    )
