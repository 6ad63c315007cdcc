"""856 and 810: what left the warehouse and what is billed, each told once to a buyer who ordered by EDI."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from edi.choices import Direction
from edi.documents.asn856 import write_856
from edi.documents.inv810 import write_810
from edi.models import Document, TradingPartner
from edi.process.control_numbers import hold_numbers, next_control_number
from edi.process.order_echo import echo_of, with_buyer_items
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import terms, wants, written_release
from edi.queries.documents import sent_document
from edi.queries.facts import invoice_of, lines_of, order_of, shipment_of, source_document
from edi.x12.catalog import release_of

COMPANY_PREFIX = "0812345"
"""Our GS1 company prefix, the one of our UPCs."""
SERIALS_PER_PARTNER = 1_000_000
"""Carton serials are counted per partner; each partner has its own block behind the prefix, so none is used twice."""


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
    echo = echo_of(order_of(order_id=row.order_id), lines_of(order_id=row.order_id))
    fact = from_json(Shipment, row.canonical)
    fact = replace(
        fact,
        shipped_at=timezone.localtime(fact.shipped_at),
        ship_to=replace(fact.ship_to, code=echo.ship_to_code or fact.ship_to.code),
        lines=tuple(replace(line, items=with_buyer_items(line.items, echo, line.order_line_no)) for line in fact.lines),
    )
    body = write_856(
        fact,
        echo.facts,
        structure=terms(partner, Direction.OUT, "856").asn_structure,
        sscc_prefix=COMPANY_PREFIX,
        sscc_serial=_serials(partner, len({line.carton for line in fact.lines})),
        vendor_code=echo.vendor_code,
        release=release_of(written_release(partner, "856")),
    )
    outgoing = Outgoing(set_id="856", business_key=key, body=body, order_id=row.order_id, shipment_id=row.pk)
    return send_set(partner=partner, outgoing=outgoing)


@transaction.atomic
def bill_order(*, invoice_id: UUID) -> Document | None:
    """The 810 of the invoice; None where no partner waits for one."""
    row = invoice_of(invoice_id=invoice_id)
    source = source_document(order_id=row.order_id) if row.order_id else None
    if source is None or row.order_id is None or not wants(source.partner, "810"):
        return None
    echo = echo_of(order_of(order_id=row.order_id), lines_of(order_id=row.order_id))
    fact = from_json(Invoice, row.canonical)
    fact = replace(
        fact,
        lines=tuple(replace(line, items=with_buyer_items(line.items, echo, line.order_line_no)) for line in fact.lines),
    )
    body = write_810(
        fact,
        echo.facts,
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code,
        release=release_of(written_release(source.partner, "810")),
    )
    outgoing = Outgoing(set_id="810", business_key=f"810:{row.pk}", body=body, order_id=row.order_id, invoice_id=row.pk)
    return send_set(partner=source.partner, outgoing=outgoing)


def _serials(partner: TradingPartner, cartons: int) -> int:
    first = next_control_number(partner=partner, counter="SCC", count=cartons)
    return partner.pk * SERIALS_PER_PARTNER + first
