"""Find invoices, disputes, payments, orders among a million by what people type, with conditions that indexes answer.

Accounts, orders and invoices are looked up first: one condition over several tables would read them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from distportal.accounts.models import Account
from distportal.systems.connections import connections_in_use
from distportal.systems.ownership import DEFAULT
from orders.models import Dispute, ErpCommand, Invoice, Order, RemittanceLine
from orders.queries.numbers import normalise_po, order_digits
from orders.queries.sought import begins

MOST = 200
"""Of so many accounts, orders and invoices that fit are rows shown; more are no answer."""


class IndexedSearch(ModelAdmin):  # type: ignore[misc]
    """Before the admin of a big table: its search asks `named` alone, and nothing comes twice."""

    search_fields: ClassVar[tuple[str, ...]] = ("number",)
    named: ClassVar[Callable[[str], Q]]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """The rows that fit, by indexes."""
        text = search_term.strip()[:60]
        return (queryset.filter(type(self).named(text)) if text else queryset), False


def invoices_named(text: str) -> Q:
    """Those whose number begins so, of accounts whose code or name fits, of orders whose number or PO begins so."""
    return begins("number", text) | Q(account__in=_accounts(text)) | Q(order__in=_orders(text))


def disputes_named(text: str) -> Q:
    """`D-4711` or `4711`, those of an invoice whose number begins so, and of accounts that fit."""
    return _numbered(text, "D-") | Q(invoice__in=_invoices(text)) | Q(account__in=_accounts(text))


def letters_named(text: str) -> Q:
    """Those of disputes that are named so."""
    return Q(dispute__in=_first(Dispute.objects.filter(disputes_named(text)).order_by()))


def findings_named(text: str) -> Q:
    """Those of an invoice whose number begins so, and of accounts that fit."""
    return Q(invoice__in=_invoices(text)) | Q(account__in=_accounts(text))


def payments_named(text: str) -> Q:
    """Those whose trace begins so, that pay an invoice whose number begins so, and of accounts that fit."""
    lines = RemittanceLine.objects.filter(invoice__in=_invoices(text)).order_by()
    paying = list(lines.values_list("remittance", flat=True)[:MOST])
    return begins("trace", text) | Q(pk__in=paying) | Q(account__in=_accounts(text))


def orders_named(text: str) -> Q:
    """`SO-1042`, a PO that begins so, the number in an ERP, and those of accounts that fit."""
    known = ErpCommand.objects.filter(
        erp__in={DEFAULT, *connections_in_use()}, erp_number=text, order__isnull=False
    ).order_by()
    return (
        Q(pk__in=_orders(text))
        | Q(pk__in=list(known.values_list("order", flat=True)[:MOST]))
        | Q(account__in=_accounts(text))
    )


def returns_named(text: str) -> Q:
    """By number, by the dealer's own reference, and those of accounts that fit."""
    return _numbered(text, "RMA-") | Q(reference__iexact=text) | Q(account__in=_accounts(text))


def _numbered(text: str, prefix: str) -> Q:
    digits = order_digits(text.upper().removeprefix(prefix))
    return Q(number=int(digits)) if digits else Q(pk=None)


def _accounts(text: str) -> list[Any]:
    rows = Account.objects.filter(Q(code__iexact=text) | Q(name__icontains=text)).order_by("code")
    return _first(rows)


def _invoices(text: str) -> list[Any]:
    return _first(Invoice.objects.filter(begins("number", text)).order_by())


def _orders(text: str) -> list[Any]:
    digits, norm = order_digits(text), normalise_po(text)
    fits = Q(po_norm__startswith=norm) if norm else Q(pk=None)
    if digits:
        fits |= Q(number=int(digits))
    return _first(Order.objects.filter(fits).order_by())


def _first(rows: QuerySet[Any, Any]) -> list[Any]:
    return list(rows.values_list("pk", flat=True)[:MOST])
