"""ITD: what our terms of payment are in X12 (X12 ITD)."""

from __future__ import annotations

from distportal.canonical.invoices import Invoice
from distportal.common.terms import read_terms
from edi.documents.values import cents_text, day_text, number_text
from edi.x12.tokens import Elements

_BASIC, _DISCOUNT, _AGREED = "01", "08", "14"
"""ITD01 (X12 element 336); ITD02 is always 3, from the invoice date."""


def terms_segment(invoice: Invoice) -> Elements:
    """The terms of an invoice, net and discount as its words say; words that say neither travel as previously agreed.

    ITD03 is per cent, ITD08 the discount in cents (N2).
    """
    terms, due = read_terms(invoice.terms), day_text(invoice.due_on)
    words = ["", "", "", invoice.terms[:80]]
    net = "" if terms.net_days is None else str(terms.net_days)
    until = terms.discount_until(invoice.issued_on)
    if terms.discount_percent and until is not None:
        discount = [number_text(terms.discount_percent), day_text(until), str(terms.discount_days)]
        return ["ITD", _DISCOUNT, "3", *discount, due, net, cents_text(terms.discount_of(invoice.total)), *words]
    return ["ITD", _BASIC if net else _AGREED, "3", "", "", "", due, net, "", *words]
