"""855: tell the buyer line by line what becomes of its PO, once per version of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.events.clock import database_now
from edi.documents.ack855 import OrderAcknowledgment, header_code, shown_lines, write_855
from edi.models import Document
from edi.process.ack_lines import ack_lines_of
from edi.process.order_echo import echo_of
from edi.process.order_options import order_options
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants
from edi.queries.facts import lines_of, orders_of, source_document
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
    orders = orders_of(source)
    if not all(is_decided(order, alone=len(orders) == 1) for order in orders):
        return None
    return _send(source, orders)


@transaction.atomic
def tell_held_order(*, order_id: UUID) -> Document | None:
    """The 855 that says what is held (IH), where the partner wants to know at once; None for the others."""
    source = source_document(order_id=order_id)
    if source is None or not wants(source.partner, "855") or not order_options(source.partner).tell_held:
        return None
    orders = orders_of(source)
    if any(order.status == "accepted" for order in orders):
        return None  # what the ERP will say is not known yet; its answer brings the 855
    return _send(source, orders, suffix=":held")


def is_decided(order: Order, *, alone: bool) -> bool:
    """Whether the buyer can be told. A PO that is cancelled as a whole is answered as its cancellation."""
    return order.status in _DECIDED or (order.status == "cancelled" and not alone)


def acknowledgment_of(orders: Sequence[Order], *, source: Document) -> OrderAcknowledgment:
    """What is told of the orders of one PO, under its own line numbers."""
    first, options = orders[0], order_options(source.partner)
    lines = ack_lines_of(orders, reject_codes=options.reject_codes)
    echo = echo_of(first, lines_of(order_id=first.pk))
    return OrderAcknowledgment(
        po_number=first.po_number,
        ordered_on=first.ordered_on,
        acknowledged_on=timezone.localdate(database_now()),
        ack_type=header_code(lines, options.ack_detail),
        lines=shown_lines(lines, options.ack_detail),
        order_number=str(first),
        currency=first.currency,
        references=echo.facts.references,
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code if len(orders) == 1 else "",
        reason="",
    )


def _send(source: Document, orders: Sequence[Order], *, suffix: str = "") -> Document:
    ack = acknowledgment_of(orders, source=source)
    if len(orders) == 1:
        key = f"855:{orders[0].pk}:{orders[0].version}{suffix}"
    else:
        # Versions only grow, so their sum is another one whenever one of the orders is.
        key = f"855:{source.pk}:{sum(order.version for order in orders)}{suffix}"
        ack = replace(ack, reason=f"{len(orders)} orders: {orders[0]} to {orders[-1]}"[:264])
    return send_set(
        partner=source.partner,
        outgoing=Outgoing(
            set_id="855",
            business_key=key,
            body=write_855(ack, release=release_of(source.partner.release)),
            order_id=orders[0].pk,
        ),
    )
