"""810 invoice and credit memo (X12 810)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address
from edi.documents.carriage import Carriage
from edi.documents.charges import charge_segment
from edi.documents.items import pairs_of
from edi.documents.order_facts import OrderFacts
from edi.documents.parties import party_segments
from edi.documents.references import echoed_segments
from edi.documents.terms import terms_segment
from edi.documents.totals810 import check_totals
from edi.documents.values import cents_text, day_text, number_text
from edi.x12.tokens import Elements

_KINDS = {"invoice": "DI", "credit_memo": "CR"}
"""BIG07 (X12 element 640)."""
_MOST_REFERENCES = 12
NOBODY = Address()


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """What an 810 tells beside the invoice itself; `packs` is how many base units a pack holds, by order line."""

    remit_to: Address = NOBODY
    bill_to: Address = NOBODY
    carriage: Carriage | None = None
    packs: Mapping[str, tuple[Decimal, str]] = field(default_factory=dict)


def write_810(
    invoice: Invoice,
    order: OrderFacts,
    *,
    vendor_code: str = "",
    ship_to_code: str = "",
    release: str = "004010",
    billing: Billing | None = None,
) -> list[Elements]:
    """The body of the 810, BIG to CTT. Money in TDS and SAC is in cents (N2); a credit memo has positive amounts, BIG07
    CR says which way the money goes. Raises WriteError for an invoice that does not add up.
    """
    check_totals(invoice)
    billing = billing or Billing()
    ordered = "" if order.ordered_on is None else day_text(order.ordered_on)
    big = ["BIG", day_text(invoice.issued_on), invoice.number, ordered, order.po_number]
    body: list[Elements] = [[*big, "", "", _KINDS[invoice.kind]], ["CUR", "SE", invoice.currency]]
    body += _references(invoice, order, vendor_code, billing.carriage)
    body += party_segments("RE", billing.remit_to)
    body += party_segments("BT", billing.bill_to, code_qualifier="91")
    body += party_segments("ST", Address(code=ship_to_code))
    body.append(terms_segment(invoice))
    if billing.carriage:
        body.append(billing.carriage.date())
    for line in invoice.lines:
        body += _line(line, billing.packs.get(line.order_line_no))
    body.append(["TDS", cents_text(invoice.total)])
    if invoice.tax:
        body.append(["TXI", "TX", number_text(invoice.tax)])
    if billing.carriage:
        body += billing.carriage.carrier_segment()
    body += [charge_segment(charge) for charge in invoice.charges]
    if billing.carriage:
        body += billing.carriage.totals()
    return [*body, ["CTT", str(len(invoice.lines))]]


def _references(invoice: Invoice, order: OrderFacts, vendor_code: str, carriage: Carriage | None) -> list[Elements]:
    rows: list[Elements] = []
    if invoice.shipment_number:
        rows.append(["REF", "SI", invoice.shipment_number])
    if invoice.corrects:
        rows.append(["REF", "OI", invoice.corrects])
    if carriage:
        rows += carriage.references()
    return echoed_segments(vendor_code, order.references, *rows)[:_MOST_REFERENCES]


def _line(line: InvoiceLine, pack: tuple[Decimal, str] | None) -> list[Elements]:
    price = number_text(line.unit_price)
    rows = [["IT1", line.order_line_no, number_text(line.quantity), line.unit, price, "PE", *pairs_of(line.items)]]
    if line.description:
        rows.append(["PID", "F", "", "", "", line.description[:80]])
    if pack is not None and pack[0] == pack[0].to_integral_value() and 1 < pack[0] < 1_000_000:
        rows.append(["PO4", number_text(pack[0]), "1", pack[1]])
    return rows + [charge_segment(charge) for charge in line.charges]
