"""856: what left the warehouse, told once to a buyer who ordered by EDI."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.canonical.base import from_json
from distportal.canonical.shipments import Shipment, ShipmentLine
from edi.choices import Direction
from edi.documents.asn856 import NO_CARTONS, write_856
from edi.models import Document
from edi.process.control_numbers import hold_numbers
from edi.process.order_echo import Echo, echo_of, with_buyer_items
from edi.process.outbound import Outgoing, send_set
from edi.process.packing import coded_shipment
from edi.queries.agreements import terms, wants, written_release
from edi.queries.documents import sent_document
from edi.queries.facts import lines_of, order_of, shipment_of, source_document
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from orders.models import OrderLine


@transaction.atomic
def announce_shipment(*, shipment_id: UUID) -> Document | None:
    """The 856 of the shipment; None where no partner waits for one."""
    row = shipment_of(shipment_id=shipment_id)
    source = source_document(order_id=row.order_id)
    if source is None or not wants(source.partner, "856"):
        return None
    partner, key = source.partner, f"856:{row.pk}"
    hold_numbers(partner=partner)
    known = sent_document(set_id="856", business_key=key)
    if known:
        return known
    ordered = lines_of(order_id=row.order_id)
    echo = echo_of(order_of(order_id=row.order_id), ordered)
    known_lines = {line.line_no: line for line in ordered}
    coded = terms(partner, Direction.OUT, "856").asn_structure != NO_CARTONS
    fact = coded_shipment(shipment_id=row.pk) if coded else from_json(Shipment, row.canonical)
    fact = replace(
        fact,
        shipped_at=timezone.localtime(fact.shipped_at),
        ship_to=replace(fact.ship_to, code=echo.ship_to_code or fact.ship_to.code),
        lines=tuple(_noticed(line, echo, known_lines.get(line.order_line_no)) for line in fact.lines),
    )
    body = write_856(
        fact,
        echo.facts,
        structure=terms(partner, Direction.OUT, "856").asn_structure,
        pallets=partner.asn_pallets,
        vendor_code=echo.vendor_code,
        release=release_of(written_release(partner, "856")),
    )
    outgoing = Outgoing(set_id="856", business_key=key, body=body, order_id=row.order_id, shipment_id=row.pk)
    return send_set(partner=partner, outgoing=outgoing)


def _noticed(line: ShipmentLine, echo: Echo, ordered: OrderLine | None) -> ShipmentLine:
    """The line with the buyer's numbers, the item's name, and what one pack holds where packs were shipped."""
    item = ordered.item if ordered else None
    size = item.pack_size if item and line.unit == item.pack_unit and item.pack_unit != item.base_unit else None
    return replace(
        line,
        items=with_buyer_items(line.items, echo, line.order_line_no),
        description=line.description or (ordered.description if ordered else "") or (item.name if item else ""),
        pack=line.pack or (int(size) if size and size == int(size) and size > 1 else None),
    )
