"""810 and 812: what was billed or credited, told once to a buyer who ordered by EDI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice as InvoiceFact
from distportal.canonical.parts import Address
from distportal.canonical.shipments import Shipment as ShipmentFact
from distportal.common.site_day import site_day
from edi.documents.carriage import Carriage
from edi.documents.cd812 import write_812
from edi.documents.inv810 import Billing, write_810
from edi.documents.totals810 import check_totals
from edi.errors import Unsendable
from edi.models import Document, TradingPartner
from edi.process.buyers import buyer_of
from edi.process.order_echo import Echo, echo_of, with_buyer_items
from edi.process.outbound import Outgoing, send_set
from edi.process.troubles import end_unsendable, tell_unsendable
from edi.queries.agreements import credit_memo_sets, wants, written_release
from edi.queries.credits import order_lines_credited, reason_of_credit
from edi.queries.facts import invoice_of, lines_of, order_of, source_document
from edi.x12.catalog import release_of
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

if TYPE_CHECKING:
    from inventory.models import Item
    from orders.models import Invoice, Order, OrderLine, Shipment

SELLER = Address(name="Northline Supply")
"""Who bills, and to whom the money goes."""
_REASONS: Mapping[str, str] = {
    "price": "01", "promotion": "02", "damaged": "04", "short": "06", "wrong_item": "07", "late": "50", "tax": "55",
    "not_received": "59",
}  # fmt: skip
"""Our reason of a dispute -> X12 element 426; any other is ZZ."""


@transaction.atomic
def tell_invoice(*, invoice_id: UUID) -> list[Document]:
    """The 810 of an invoice; of a credit memo the 812, the 810 or both, as agreed; nothing where no partner waits.

    One that does not add up or that our own maps refuse is not sent; one case says why.
    """
    row = invoice_of(invoice_id=invoice_id)
    source = source_document(order_id=row.order_id) if row.order_id else None
    if source is None:
        return []
    partner = source.partner
    memo = row.kind == "credit_memo"
    sets = credit_memo_sets(partner) if memo else [one for one in ("810",) if wants(partner, one)]
    found: list[Document] = []
    try:
        found += filter(None, [build_invoice(set_id=set_id, invoice_id=row.pk) for set_id in sets])
    except Unsendable as error:
        what = f"{row.get_kind_display()} {row.number}"
        tell_unsendable(partner=partner, invoice_id=row.pk, what=what, why=error.message)
        return []
    if found:
        end_unsendable(row.pk)
    return found


@transaction.atomic
def build_invoice(*, set_id: str, invoice_id: UUID) -> Document | None:
    """The invoice or credit memo told by one set, once; None where no partner waits for it, or an 812 would tell an
    invoice. Raises Unsendable for one that does not add up or that our own maps refuse.
    """
    row = invoice_of(invoice_id=invoice_id)
    source = source_document(order_id=row.order_id) if row.order_id else None
    if source is None or row.order_id is None or not wants(source.partner, set_id):
        return None
    if set_id == "812" and row.kind != "credit_memo":
        return None
    try:
        return _send(set_id, row, order_of(order_id=row.order_id), source.partner)
    except WriteError as error:
        raise Unsendable(str(error), key=f"{set_id}:{row.pk}") from error


@transaction.atomic
def _send(set_id: str, row: Invoice, order: Order, partner: TradingPartner) -> Document:
    lines = lines_of(order_id=order.pk)
    echo, fact = echo_of(order, lines), from_json(InvoiceFact, row.canonical)
    if fact.kind == "credit_memo":  # the ERP numbers its lines by those of the invoice
        numbers = order_lines_credited(row)
        renumbered = (replace(one, order_line_no=numbers.get(one.order_line_no, "")) for one in fact.lines)
        fact = replace(fact, lines=tuple(renumbered))
    fact = replace(
        fact,
        lines=tuple(
            replace(
                line,
                order_line_no=echo.line_no(line.order_line_no),
                items=with_buyer_items(line.items, echo, line.order_line_no),
            )
            for line in fact.lines
        ),
    )
    body = _debit_body(row, fact, echo) if set_id == "812" else _invoice_body(row, fact, echo, lines, partner)
    outgoing = Outgoing(
        set_id=set_id, business_key=f"{set_id}:{row.pk}", body=body, order_id=row.order_id, invoice_id=row.pk
    )
    return send_set(partner=partner, outgoing=outgoing)


def _debit_body(row: Invoice, fact: InvoiceFact, echo: Echo) -> list[Elements]:
    check_totals(fact)
    return write_812(
        fact,
        echo.facts,
        seller=SELLER,
        reason=_REASONS.get(reason_of_credit(row), "ZZ"),
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code,
    )


def _invoice_body(
    row: Invoice, fact: InvoiceFact, echo: Echo, lines: list[OrderLine], partner: TradingPartner
) -> list[Elements]:
    buyer = buyer_of(partner)
    packs = {
        echo.line_no(line.line_no): (_pack_size(line, line.item), line.item.base_unit) for line in lines if line.item
    }
    return write_810(
        fact,
        echo.facts,
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code,
        release=release_of(written_release(partner, "810")),
        billing=Billing(
            remit_to=replace(SELLER, code=echo.vendor_code),
            bill_to=Address(name=buyer.name, code=buyer.code),
            carriage=_carriage(row.shipment) if row.shipment else None,
            packs=packs,
        ),
    )


def _pack_size(line: OrderLine, item: Item) -> Decimal:
    """What a pack holds: the one that was ordered, else the one that the item comes in."""
    ordered = next((pack.size for pack in item.levels if pack.unit == line.unit), Decimal(1))
    return ordered if ordered > 1 else item.pack_size


def _carriage(row: Shipment) -> Carriage:
    fact = from_json(ShipmentFact, row.canonical)
    return Carriage(
        shipped_on=site_day(row.shipped_at),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        bill_of_lading=row.bill_of_lading,
        cartons=row.cartons,
        weight_lb=fact.weight_lb,
    )
