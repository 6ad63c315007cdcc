"""810 invoice and credit memo (X12 810)."""

from __future__ import annotations

from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, Charge
from edi.documents.items import pairs_of
from edi.documents.order_facts import OrderFacts
from edi.documents.parties import party_segments
from edi.documents.values import cents_text, day_text, number_text
from edi.x12.tokens import Elements

_KINDS = {"invoice": "DI", "credit_memo": "CR"}
"""BIG07 (X12 element 640)."""


def write_810(
    invoice: Invoice,
    order: OrderFacts,
    *,
    vendor_code: str = "",
    ship_to_code: str = "",
    release: str = "004010",
) -> list[Elements]:
    """The body of the 810, BIG to CTT. Money in TDS and SAC is in cents (N2); a credit memo has positive amounts."""
    ordered = "" if order.ordered_on is None else day_text(order.ordered_on)
    big = ["BIG", day_text(invoice.issued_on), invoice.number, ordered, order.po_number]
    body: list[Elements] = [[*big, "", "", _KINDS[invoice.kind]], ["CUR", "SE", invoice.currency]]
    if vendor_code:
        body.append(["REF", "IA", vendor_code])
    if invoice.shipment_number:
        body.append(["REF", "SI", invoice.shipment_number])
    if invoice.corrects:
        body.append(["REF", "OI", invoice.corrects])
    body += [["REF", r.qualifier, r.value] for r in order.references if r.value and r.qualifier != "IA"][:9]
    body += party_segments("ST", Address(code=ship_to_code))
    body.append(["ITD", "14", "3", "", "", "", day_text(invoice.due_on), "", "", "", "", "", invoice.terms[:80]])
    for line in invoice.lines:
        body += _line(line)
    body.append(["TDS", cents_text(invoice.total)])
    if invoice.tax:
        body.append(["TXI", "TX", number_text(invoice.tax)])
    body += [_charge(charge) for charge in invoice.charges]
    return [*body, ["CTT", str(len(invoice.lines))]]


def _line(line: InvoiceLine) -> list[Elements]:
    price = number_text(line.unit_price)
    rows = [["IT1", line.order_line_no, number_text(line.quantity), line.unit, price, "PE", *pairs_of(line.items)]]
    if line.description:
        rows.append(["PID", "F", "", "", "", line.description[:80]])
    return rows


def _charge(charge: Charge) -> Elements:
    """SAC: A for an allowance, C for a charge; SAC05 is the amount without its sign, SAC15 the words."""
    kind = "A" if charge.amount < 0 else "C"
    head = ["SAC", kind, charge.code, "", "", cents_text(abs(charge.amount))]
    return [*head, *[""] * 9, charge.description[:80]]
