"""855: tell the buyer line by line what becomes of its PO, once per version of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.documents.ack855 import OrderAcknowledgment, header_code, shown_lines, write_855
from edi.models import Document
from edi.process.ack_lines import ack_lines_of
from edi.process.control_numbers import hold_numbers
from edi.process.order_echo import echo_of
from edi.process.order_options import order_options
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants, written_release
from edi.queries.documents import sent_document
from edi.queries.facts import order_statuses, orders_of, source_document
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from orders.models import Order

_DECIDED = ("confirmed", "part_shipped", "shipped", "rejected")


@transaction.atomic
def acknowledge_order(*, order_id: UUID) -> Document | None:
    """The 855 of the PO as it was decided; None where no partner waits for one or not all of it is decided yet.

    A PO for several ship-tos is answered as a whole, when its last order is decided.
    """
    source = source_document(order_id=order_id)
    if source is None or not wants(source.partner, "855"):
        return None
    statuses = order_statuses(source)
    if not all(is_decided(status, alone=len(statuses) == 1) for status in statuses):
        return None
    return send_855(source, orders_of(source))


@transaction.atomic
def tell_held_order(*, order_id: UUID) -> Document | None:
    """The 855 that says what is held (IH), where the partner wants to know at once; None for the others."""
    source = source_document(order_id=order_id)
    if source is None or not wants(source.partner, "855") or not order_options(source.partner).tell_held:
        return None
    orders = orders_of(source)
    if any(order.status == "accepted" for order in orders):
        return None  # what the ERP will say is not known yet; its answer brings the 855
    return send_855(source, orders, suffix=":held")


def is_decided(status: str, *, alone: bool) -> bool:
    """Whether the buyer can be told of an order in this status. A PO that is cancelled as a whole is answered as its
    cancellation.
    """
    return status in _DECIDED or (status == "cancelled" and not alone)


def acknowledgment_of(orders: Sequence[Order], *, source: Document) -> OrderAcknowledgment:
    """What is told of the orders of one PO, under its own line numbers."""
    first, options = orders[0], order_options(source.partner)
    lines = ack_lines_of(orders, options)
    echo = echo_of(first, [])
    return OrderAcknowledgment(
        po_number=first.po_number,
        ordered_on=first.ordered_on,
        acknowledged_on=site_day(database_now()),
        ack_type=header_code(lines, options.ack_detail),
        lines=shown_lines(lines, options.ack_detail),
        order_number=str(first),
        currency=first.currency,
        references=echo.facts.references,
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code if len(orders) == 1 else "",
        reason=f"{len(orders)} orders: {first} to {orders[-1]}" if len(orders) > 1 else "",
    )


def send_855(source: Document, orders: Sequence[Order], *, suffix: str = "") -> Document:
    """The 855 of these orders, once for their versions and the suffix."""
    # Versions only grow, so their sum is another one whenever one of the orders is.
    fact = orders[0].pk if len(orders) == 1 else source.pk
    key = f"855:{fact}:{sum(order.version for order in orders)}{suffix}"
    hold_numbers(partner=source.partner)
    known = sent_document(set_id="855", business_key=key)
    if known:
        return known
    ack = acknowledgment_of(orders, source=source)
    body = write_855(ack, release=release_of(written_release(source.partner, "855")))
    outgoing = Outgoing(set_id="855", business_key=key, body=body, order_id=orders[0].pk)
    return send_set(partner=source.partner, outgoing=outgoing)
