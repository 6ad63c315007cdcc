"""Lists of orders and invoices as people look for them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from distportal.accounts.models import User
from orders.choices import InvoiceKind, OrderStatus
from orders.models import Invoice, Order

ORDER_VIEWS = {"open": "Open", "action": "Needs an answer", "shipped": "Shipped", "all": "All"}


def orders_in_view(*, user: User, view: str, text: str) -> QuerySet[Order]:
    """The orders the person may see, by tab and by order number, PO number or SKU."""
    rows = Order.objects.visible_to(user).select_related("account", "ship_to")
    if view == "open":
        rows = rows.filter(status__in=OrderStatus.OPEN)
    elif view == "action":
        rows = rows.filter(status=OrderStatus.HELD)
    elif view == "shipped":
        rows = rows.filter(status__in=(OrderStatus.SHIPPED, OrderStatus.PART_SHIPPED))
    text = text.strip()
    if text:
        digits = text.upper().removeprefix("SO-")
        found = Q(po_number__icontains=text) | Q(erp_number=text) | Q(lines__item__sku__iexact=text)
        if digits.isdecimal():
            found |= Q(number=int(digits))
        rows = rows.filter(found).distinct()
    return rows


def invoices_of(*, user: User, text: str = "") -> QuerySet[Invoice]:
    """The invoices and credit memos the person may see."""
    rows = Invoice.objects.visible_to(user).select_related("account", "order")
    return rows.filter(Q(number__icontains=text) | Q(order__po_number__icontains=text)) if text.strip() else rows


def disputable(invoice: Invoice) -> bool:
    """Whether lines of this document can be disputed at all."""
    return invoice.kind == InvoiceKind.INVOICE
