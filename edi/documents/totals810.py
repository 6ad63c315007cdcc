"""Whether an invoice adds up as its reader will add it (X12 810: TDS01)."""

from __future__ import annotations

from decimal import Decimal

from distportal.canonical.invoices import Invoice
from distportal.common.money import show_money, to_cents
from edi.x12.errors import WriteError


def check_totals(invoice: Invoice) -> None:
    """Nothing for an invoice whose lines are quantity times price and whose total is lines plus charges less allowances
    plus tax. Raises WriteError with both figures: a buyer's match would reject the invoice.
    """
    for line in invoice.lines:
        counted = to_cents(line.quantity * line.unit_price)
        if counted != line.amount:
            raise WriteError(
                f"Line {line.order_line_no} of {invoice.number}: {line.quantity} at {line.unit_price} is "
                f"{_money(counted, invoice)}, billed is {_money(line.amount, invoice)}."
            )
    lines = sum((line.amount for line in invoice.lines), Decimal(0))
    charges = sum((charge.amount for line in invoice.lines for charge in line.charges), Decimal(0))
    charges += sum((charge.amount for charge in invoice.charges), Decimal(0))
    counted = lines + charges + invoice.tax
    if counted != invoice.total:
        raise WriteError(
            f"{invoice.number} does not add up: lines {_money(lines, invoice)}, charges less allowances "
            f"{_money(charges, invoice)} and tax {_money(invoice.tax, invoice)} are {_money(counted, invoice)}, "
            f"its total is {_money(invoice.total, invoice)}."
        )


def _money(amount: Decimal, invoice: Invoice) -> str:
    return show_money(amount, invoice.currency)
