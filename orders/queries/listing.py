"""Lists of invoices as people look for them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from distportal.accounts.models import User
from orders.choices import InvoiceKind
from orders.models import Invoice


def invoices_of(*, user: User, text: str = "") -> QuerySet[Invoice]:
    """The invoices and credit memos the person may see."""
    rows = Invoice.objects.visible_to(user).select_related("account", "order")
    return rows.filter(Q(number__icontains=text) | Q(order__po_number__icontains=text)) if text.strip() else rows


def disputable(invoice: Invoice) -> bool:
    """Whether lines of this document can be disputed at all."""
    return invoice.kind == InvoiceKind.INVOICE
