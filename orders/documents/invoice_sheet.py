"""An invoice or credit memo as a paper."""

from __future__ import annotations

from collections.abc import Iterable

from distportal.canonical.base import plain
from distportal.common.money import show_money, show_price
from orders.documents.sheet import Column, Sheet, render_sheets
from orders.models import Invoice

_COLUMNS = (
    Column("Item", 15),
    Column("Description", 34),
    Column("Quantity", 12, right=True),
    Column("Unit", 6),
    Column("Price", 12, right=True),
    Column("Amount", 14, right=True),
)


def invoice_sheet(invoice: Invoice) -> Sheet:
    """The paper of one document. Its account, order, ship-to and lines with items should have been loaded with it."""
    order, currency = invoice.order, invoice.currency
    rows = [
        (
            line.item.sku if line.item else "", line.description or (line.item.name if line.item else ""),
            plain(line.quantity), line.unit, show_price(line.unit_price, currency), show_money(line.amount, currency),
        )
        for line in invoice.lines.all()
    ]  # fmt: skip
    facts = [("Issued", invoice.issued_on.isoformat()), ("Due", invoice.due_on.isoformat())]
    if order:
        facts += [("Your PO", order.po_number or "none"), ("Order", str(order))]
    if invoice.shipment:
        facts.append(("Shipment", invoice.shipment.number))
    if invoice.corrects:
        facts.append(("Corrects", invoice.corrects.number))
    sums = [("Tax", show_money(invoice.tax, currency))] if invoice.tax else []
    return Sheet(
        title=f"{invoice.get_kind_display()} {invoice.number}",
        facts=facts,
        place=_place(invoice),
        columns=_COLUMNS,
        rows=rows,
        sums=[*sums, (f"Total {currency}", show_money(invoice.signed_total, currency))],
        note=f"Terms: {invoice.canonical.get('terms')}" if invoice.canonical.get("terms") else "",
    )


def _place(invoice: Invoice) -> list[str]:
    told = [invoice.account.name, f"Account {invoice.account.code}"]
    place = invoice.order.ship_to if invoice.order else None
    if place:
        told += [f"Shipped to {place.name}", place.street, f"{place.city} {place.region} {place.postcode}"]
    return told


def file_name(invoice: Invoice, ending: str = "pdf") -> str:
    """`INV-90001_2026-11-25.pdf`: number and day, and nothing that a file system minds."""
    number = "".join(c if c.isalnum() or c in "-_" else "-" for c in invoice.number)
    return f"{number}_{invoice.issued_on.isoformat()}.{ending}"


def invoice_pdf(invoice: Invoice) -> bytes:
    """The PDF of one document."""
    return render_sheets([invoice_sheet(invoice)], title=invoice.number)


def merged_pdf(invoices: Iterable[Invoice]) -> bytes:
    """One PDF of many, each from a page of its own."""
    return render_sheets(map(invoice_sheet, invoices), title="Invoices")
