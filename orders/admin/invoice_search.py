"""Find invoices among a million by what people type, with conditions that indexes answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from distportal.accounts.models import Account
from orders.models import Invoice, Order
from orders.process.same_po import normalise_po
from orders.queries.numbers import order_digits

MOST = 200
"""Of so many accounts and orders that fit are documents shown; more are no answer."""


def invoices_named(rows: QuerySet[Invoice], text: str) -> QuerySet[Any, Any]:
    """Those whose number begins so, of accounts whose code or name fits, of orders whose number or PO begins so.

    Accounts and orders are looked up first: one condition over several tables would read them all.
    """
    accounts = Account.objects.filter(Q(code__iexact=text) | Q(name__icontains=text)).order_by("code")
    fits = Q(number__startswith=text) | Q(number__startswith=text.upper())
    fits |= Q(account__in=list(accounts.values_list("pk", flat=True)[:MOST]))
    fits |= Q(order__in=_orders(text))
    return rows.filter(fits)


def _orders(text: str) -> list[Any]:
    digits, norm = order_digits(text), normalise_po(text)
    fits = Q(po_norm__startswith=norm) if norm else Q(pk=None)
    if digits:
        fits |= Q(number=int(digits))
    return list(Order.objects.filter(fits).order_by().values_list("pk", flat=True)[:MOST])
