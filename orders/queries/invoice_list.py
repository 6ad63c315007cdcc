"""The list of invoices: by tab, by age, by what people type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import User
from distportal.common.marks import A_DAY, A_KEY
from distportal.common.prepared import PreparedRows
from orders.choices import DisputeStatus, InvoiceKind
from orders.models import Dispute, Invoice, Order
from orders.queries.listing import listed_invoices
from orders.queries.receivables import AGES, not_settled, of_age, with_due, with_open
from orders.queries.sought import (
    fits_number,
    fits_po,
    left_with,
    newest_of_po,
    orders_numbered,
    orders_of_item,
    sees_all,
    shipments_called,
    sought,
)

INVOICE_TABS: dict[str, Lazy | str] = {
    "all": _("All"),
    "open": _("Open"),
    "overdue": _("Overdue"),
    "disputed": _("Disputed"),
    "paid": _("Paid"),
    "credits": _("Credit memos"),
}
MOST_LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilter:
    """What a list shows; all of it stands in the address. `account` is a code, for our own people."""

    tab: str = "all"
    age: str = ""
    text: str = ""
    account: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> InvoiceFilter:
        """The filter that an address or a form names; unknown words are left out."""
        tab, age = told.get("view", ""), told.get("age", "")
        return cls(
            tab=tab if tab in INVOICE_TABS else "all",
            age=age if age in AGES else "",
            text=told.get("q", "").strip()[:80],
            account=told.get("account", "").strip()[:20],
        )

    @property
    def query(self) -> dict[str, str]:
        """As an address names it."""
        told = {"view": self.tab, "age": self.age, "q": self.text, "account": self.account}
        return {name: value for name, value in told.items() if value}


def invoices_in(user: User, wanted: InvoiceFilter, *, today: dt.date, whole: bool = False) -> QuerySet[Invoice]:
    """The documents the person may see, the newest first. A search leaves out what `orders_looked_at` tells, unless it
    is for a file, `whole`, which may take its time.
    """
    rows: QuerySet[Invoice] = Invoice.objects.visible_to(user).order_by("-issued_on", "-number")
    if wanted.account:
        rows = rows.filter(account__code=wanted.account)
    rows = _in_tab(rows, wanted.tab, today)
    if wanted.age:
        due = Q() if wanted.age == "disputed" else Q(due_amount__gt=0)
        bills = not_settled(rows.filter(kind=InvoiceKind.INVOICE))
        rows = with_due(bills).filter(of_age(wanted.age, today), due, open_amount__gt=0)
    return _named(rows, user, wanted, whole=whole) if wanted.text else rows


def first_invoices(account_id: UUID, tab: str, *, today: dt.date) -> list[Invoice]:
    """The first page of a tab as a dealer's list shows it, and one more where there are more."""
    return _FIRST[tab](account_id, today) if tab == "overdue" else _FIRST[tab](account_id)


def _first(account_id: UUID, today: dt.date = A_DAY, *, tab: str) -> QuerySet[Any, Any]:
    rows = listed_invoices(_in_tab(Invoice.objects.of_accounts([account_id]), tab, today), accounts=False)
    return rows.order_by("-issued_on", "-number")[: MOST_LISTED + 1]


_FIRST: dict[str, PreparedRows[Invoice]] = {
    tab: PreparedRows(partial(_first, tab=tab), A_KEY, *([A_DAY] if tab == "overdue" else [])) for tab in INVOICE_TABS
}


def _in_tab(rows: QuerySet[Invoice], tab: str, today: dt.date) -> QuerySet[Invoice]:
    if tab == "open":
        return with_open(not_settled(rows.filter(kind=InvoiceKind.INVOICE))).filter(open_amount__gt=0)
    if tab == "overdue":
        late = not_settled(rows.filter(kind=InvoiceKind.INVOICE, due_on__lt=today))
        return with_due(late).filter(due_amount__gt=0)
    if tab == "paid":
        return with_open(rows.filter(kind=InvoiceKind.INVOICE)).filter(open_amount__lte=0)
    if tab == "disputed":
        return rows.filter(Exists(Dispute.objects.filter(invoice=OuterRef("pk"), status__in=DisputeStatus.OPEN)))
    return rows.filter(kind=InvoiceKind.CREDIT_MEMO) if tab == "credits" else rows


def orders_looked_at(user: User, wanted: InvoiceFilter) -> int:
    """Of how many orders, the newest that have the text in their PO, the documents are listed; 0 where of all."""
    if not wanted.text or _few(user, wanted):
        return 0
    return left_with(wanted.text, among=Order.objects.all())


def _few(user: User, wanted: InvoiceFilter) -> bool:
    """Whether one company's are asked for."""
    return bool(wanted.account) or not sees_all(user)


def _named(rows: QuerySet[Invoice], user: User, wanted: InvoiceFilter, *, whole: bool) -> QuerySet[Invoice]:
    """By a part of the document's or the PO's number, the order's number, or an item or a shipment on it."""
    text, few = wanted.text, _few(user, wanted)
    along = few or whole
    orders = [orders_numbered(user, text), orders_of_item(user, text)]
    if not along:
        orders.append(newest_of_po(text, among=Order.objects.all()))
    sent = shipments_called(user, text).values("pk")
    exactly = [Q(shipment__in=sent), *(Q(order__in=keys) for keys in orders)]
    fits = [*fits_number(text, few=few), *(fits_po(text, few=few, of="order__") if along else [])]
    return sought(rows, exactly=exactly, fits=fits, along=along)
