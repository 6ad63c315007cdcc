"""An invoice or credit memo as a paper."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from distportal.canonical.base import plain
from distportal.common.money import show_money, show_price
from orders.documents.sheet import Column, Sheet, render_sheets
from orders.models import Invoice


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Item"), 15),
        Column(_("Description"), 34),
        Column(_("Quantity"), 12, right=True),
        Column(_("Unit"), 6),
        Column(_("Price"), 12, right=True),
        Column(_("Amount"), 14, right=True),
    )


def invoice_sheet(invoice: Invoice) -> Sheet:
    """The paper of one document, in the active language. Its account, order, ship-to and lines with items should have
    been loaded with it.
    """
    order, currency = invoice.order, invoice.currency
    rows = [
        (
            line.item.sku if line.item else "", line.description or (line.item.name if line.item else ""),
            plain(line.quantity), line.unit, show_price(line.unit_price, currency), show_money(line.amount, currency),
        )
        for line in invoice.lines.all()
    ]  # fmt: skip
    facts = [(_("Issued"), invoice.issued_on.isoformat()), (_("Due"), invoice.due_on.isoformat())]
    if order:
        facts += [(_("Your PO"), order.po_number or _("none")), (_("Order"), str(order))]
    if invoice.shipment:
        facts.append((_("Shipment"), invoice.shipment.number))
    if invoice.corrects:
        facts.append((_("Corrects"), invoice.corrects.number))
    sums = [(_("Tax"), show_money(invoice.tax, currency))] if invoice.tax else []
    return Sheet(
        title=f"{invoice.get_kind_display()} {invoice.number}",
        facts=facts,
        place=_place(invoice),
        columns=_columns(),
        rows=rows,
        sums=[*sums, (_("Total %(currency)s") % {"currency": currency}, show_money(invoice.signed_total, currency))],
        note=_("Terms: %(terms)s") % {"terms": invoice.canonical.get("terms")}
        if invoice.canonical.get("terms")
        else "",
    )


def _place(invoice: Invoice) -> list[str]:
    told = [invoice.account.name, _("Account %(code)s") % {"code": invoice.account.code}]
    place = invoice.order.ship_to if invoice.order else None
    if place:
        told += [
            _("Shipped to %(name)s") % {"name": place.name},
            place.street,
            f"{place.city} {place.region} {place.postcode}",
        ]
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
    return render_sheets(map(invoice_sheet, invoices), title=_("Invoices"))
