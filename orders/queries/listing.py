"""Lists of invoices as people look for them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from distportal.accounts.models import User
from distportal.common.prepared import PreparedRows
from orders.choices import InvoiceKind
from orders.models import Invoice

MOST_AT_HOME = 5
_LISTED = ("number", "kind", "issued_on", "due_on", "total", "currency", "still_open")


def invoices_of(*, user: User, text: str = "") -> QuerySet[Invoice]:
    """The invoices and credit memos the person may see."""
    rows = Invoice.objects.visible_to(user).select_related("account", "order")
    return rows.filter(Q(number__icontains=text) | Q(order__po_number__icontains=text)) if text.strip() else rows


def listed_invoices(rows: QuerySet[Any, Any], *, accounts: bool) -> QuerySet[Any, Any]:
    """With what a list shows of them and no other columns; whose they are only with `accounts`."""
    related = ("order", "account") if accounts else ("order",)
    shown = (*_LISTED, *related, "order__number", "order__po_number", *(("account__name",) if accounts else ()))
    return rows.select_related(*related).only(*shown)


def newest_invoices(user: User) -> list[Invoice]:
    """The newest that the person may see, a few."""
    if user.standing is not None:
        return _NEWEST(user.standing.account.pk)
    return list(_newest(Invoice.objects.visible_to(user)))


def _newest(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return listed_invoices(rows, accounts=True).order_by("-issued_on", "-number")[:MOST_AT_HOME]


_NEWEST = PreparedRows(lambda pk: _newest(Invoice.objects.of_accounts([pk])))


def disputable(invoice: Invoice) -> bool:
    """Whether lines of this document can be disputed at all."""
    return invoice.kind == InvoiceKind.INVOICE
