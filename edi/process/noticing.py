"""856: what left the warehouse, built from the shipments that it announces and sent once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from distportal.canonical.base import from_json
from distportal.canonical.shipments import Shipment as ShipmentFact
from distportal.canonical.shipments import ShipmentLine
from edi.choices import Direction
from edi.documents.asn856 import NO_CARTONS, Shipped, write_856
from edi.models import Document, DocumentOrder, TradingPartner
from edi.process.control_numbers import hold_numbers
from edi.process.order_echo import Echo, echo_of, with_buyer_items
from edi.process.outbound import Outgoing, send_set
from edi.process.packing import coded_shipment
from edi.queries.agreements import terms, written_release
from edi.queries.documents import sent_document
from edi.queries.facts import lines_of, order_of
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from orders.models import OrderLine, Shipment


@transaction.atomic
def send_notice(*, partner: TradingPartner, rows: Sequence[Shipment]) -> Document:
    """The one 856 of these shipments, known by the first of them; sent again it is the same. Raises WriteError,
    CodeTaken and Unsendable for what cannot be told.
    """
    first = rows[0]
    hold_numbers(partner=partner)
    known = sent_document(set_id="856", business_key=notice_key(first))
    if known:
        return known
    agreed = terms(partner, Direction.OUT, "856")
    body = write_856(
        [_shipped(row, coded=agreed.asn_structure != NO_CARTONS) for row in rows],
        structure=agreed.asn_structure,
        pallets=partner.asn_pallets,
        release=release_of(written_release(partner, "856")),
    )
    outgoing = Outgoing(
        set_id="856", business_key=notice_key(first), body=body, order_id=first.order_id, shipment_id=first.pk
    )
    document = send_set(partner=partner, outgoing=outgoing)
    orders = list(dict.fromkeys(row.order_id for row in rows))
    if len(orders) > 1:
        links = [DocumentOrder(document=document, order_id=pk, position=at) for at, pk in enumerate(orders, 1)]
        DocumentOrder.objects.bulk_create(links)
    return document


def notice_key(first: Shipment) -> str:
    """What an 856 is known by: the first shipment in it."""
    return f"856:{first.pk}"


def _shipped(row: Shipment, *, coded: bool) -> Shipped:
    ordered = lines_of(order_id=row.order_id)
    echo = echo_of(order_of(order_id=row.order_id), ordered)
    known_lines = {line.line_no: line for line in ordered}
    fact = coded_shipment(shipment_id=row.pk) if coded else from_json(ShipmentFact, row.canonical)
    fact = replace(
        fact,
        shipped_at=timezone.localtime(fact.shipped_at),
        ship_to=replace(fact.ship_to, code=echo.ship_to_code or fact.ship_to.code),
        lines=tuple(_noticed(line, echo, known_lines.get(line.order_line_no)) for line in fact.lines),
    )
    return Shipped(fact, echo.facts, echo.vendor_code)


def _noticed(line: ShipmentLine, echo: Echo, ordered: OrderLine | None) -> ShipmentLine:
    """The line with the buyer's numbers, the item's name, and what one pack holds where packs were shipped."""
    item = ordered.item if ordered else None
    size = next((pack.size for pack in item.levels if pack.unit == line.unit), None) if item else None
    return replace(
        line,
        order_line_no=echo.line_no(line.order_line_no),
        items=with_buyer_items(line.items, echo, line.order_line_no),
        description=line.description or (ordered.description if ordered else "") or (item.name if item else ""),
        pack=line.pack or (int(size) if size and size == int(size) and size > 1 else None),
    )
