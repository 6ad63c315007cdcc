"""855: tell the buyer line by line what becomes of the order, once per version of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.events.clock import database_now
from edi.documents.ack855 import AckLine, AckStatus, OrderAcknowledgment, header_code, write_855
from edi.models import Document
from edi.process.order_echo import Echo, echo_of
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants, written_release
from edi.queries.facts import line_reasons, lines_of, order_of, source_document
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from orders.models import Order, OrderLine

_DECIDED = ("confirmed", "part_shipped", "shipped", "rejected")
_ENDED = {"rejected": "IR", "cancelled": "ID"}
"""Line status -> X12 element 668: item rejected, item deleted."""


@transaction.atomic
def acknowledge_order(*, order_id: UUID) -> Document | None:
    """The 855 of the order as it was decided; None where no partner waits for one or nothing is decided yet."""
    source = source_document(order_id=order_id)
    if source is None or not wants(source.partner, "855"):
        return None
    order = order_of(order_id=order_id)
    if order.status not in _DECIDED:
        return None
    ack = _acknowledgment(order)
    return send_set(
        partner=source.partner,
        outgoing=Outgoing(
            set_id="855",
            business_key=f"855:{order.pk}:{order.version}",
            body=write_855(ack, release=release_of(written_release(source.partner, "855"))),
            order_id=order.pk,
        ),
    )


def _acknowledgment(order: Order) -> OrderAcknowledgment:
    rows = lines_of(order_id=order.pk)
    echo, reasons = echo_of(order, rows), line_reasons(order=order)
    whole = order.closed_reason if order.status == "rejected" else ""
    lines = tuple(_line(row, echo, _reason(row, reasons, whole)) for row in rows)
    return OrderAcknowledgment(
        po_number=order.po_number,
        ordered_on=order.ordered_on,
        acknowledged_on=timezone.localdate(database_now()),
        ack_type=header_code(lines),
        lines=lines,
        order_number=str(order),
        currency=order.currency,
        references=echo.facts.references,
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code,
    )


def _reason(row: OrderLine, reasons: Mapping[str, str], whole: str) -> str:
    """What a person said weighs more than what the rules found."""
    said = whole if row.status_reason == "rejected" else ""
    return said or reasons.get(row.line_no, "") or whole


def _line(row: OrderLine, echo: Echo, reason: str) -> AckLine:
    return AckLine(
        line_no=row.line_no,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        items=echo.items[row.line_no],
        statuses=_statuses(row, reason),
        description=row.description,
    )


def _statuses(row: OrderLine, reason: str) -> tuple[AckStatus, ...]:
    """What comes now and what comes later; the parts add up to what was ordered."""
    if row.status in _ENDED:
        return (AckStatus(_ENDED[row.status], row.quantity, row.unit, reason=reason),)
    now = min(row.confirmed_quantity, row.quantity)
    later = row.quantity - now
    parts = []
    if now > 0:
        parts.append(AckStatus("IA", now, row.unit, "068", row.promised_on))
    if later > 0:
        due = row.promised_on if now == Decimal(0) else None
        parts.append(AckStatus("IB", later, row.unit, "068", due, row.promise_reason))
    return tuple(parts)
