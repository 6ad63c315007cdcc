"""The list of open lines: what is still owed, by promise date and by what people type."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q, QuerySet

from distportal.accounts.models import User
from distportal.common.prepared import PreparedRows
from distportal.web.paging import A_PAGE
from inventory.queries.items import items_coded
from orders.choices import OrderStatus
from orders.models import Order, OrderLine
from orders.queries.order_list import ENDED, in_tab
from orders.queries.sought import (
    fits_po,
    left_with,
    newest_of_po,
    orders_numbered,
    sees_all,
    shipments_called,
    sought,
)

_SHOWN_OF_LINES = (
    "line_no", "asked_items", "description", "quantity", "unit", "status", "shipped_quantity", "promised_on",
    "promise_reason", "order__number", "order__po_number", "item__sku", "item__name", "warehouse__code",
)  # fmt: skip


def owed_lines(*, user: User, text: str = "", whole: bool = False) -> QuerySet[OrderLine]:
    """What is still owed: lines of open orders of which something has not left, by promise date, without one last. A
    search leaves out what `orders_looked_at` tells, unless it is for a file, `whole`, which may take its time.
    """
    rows = _owed(OrderLine.objects.visible_to(user))
    if text.strip():
        rows = _lines_named(rows, user, text.strip(), along=whole or not sees_all(user))
    return _listed_owed(rows, accounts=user.is_staff)


def orders_looked_at(user: User, text: str) -> int:
    """Of how many open orders, the newest that have the text in their PO, the lines are listed; 0 where of all."""
    if not text.strip() or not sees_all(user):
        return 0
    return left_with(text, among=_open_orders())


def _lines_named(rows: QuerySet[OrderLine], user: User, text: str, *, along: bool) -> QuerySet[OrderLine]:
    orders = [orders_numbered(user, text), shipments_called(user, text).values("order")]
    if not along:
        orders.append(newest_of_po(text, among=_open_orders()))
    exactly = [Q(item__in=items_coded(text)), *(Q(order__in=keys) for keys in orders)]
    fits = fits_po(text, few=not sees_all(user), of="order__") if along else []
    return sought(rows, exactly=exactly, fits=fits, along=along)


def _open_orders() -> QuerySet[Order]:
    return in_tab(Order.objects.all(), "open")


def lines_by_keys(*, accounts: bool) -> QuerySet[OrderLine]:
    """Lines as the list shows them, in its order, for those of a page to be chosen by their keys."""
    return _listed_owed(OrderLine.objects.all(), accounts=accounts)


def first_owed(account_id: UUID) -> list[OrderLine]:
    """The first page of the same for an account, and one more where there are more."""
    return _FIRST_OWED(account_id)


def _owed(rows: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    rows = rows.exclude(status__in=ENDED).filter(order__status__in=OrderStatus.OPEN)
    return rows.filter(shipped_quantity__lt=F("quantity"))


def _listed_owed(rows: QuerySet[OrderLine], *, accounts: bool) -> QuerySet[OrderLine]:
    """With what the list shows of them and no other columns; whose they are only with `accounts`."""
    account, name = (["order__account"], ["order__account__name"]) if accounts else ([], [])
    rows = rows.select_related("order", "item", "warehouse", *account).only(*_SHOWN_OF_LINES, *name)
    return rows.order_by(F("promised_on").asc(nulls_last=True), "order__number", "position")


def _first_owed(account_id: UUID) -> QuerySet[OrderLine, OrderLine]:
    """The lines are sorted by their keys; items and orders are read of those of the page alone."""
    rows = _listed_owed(_owed(OrderLine.objects.of_accounts([account_id])), accounts=False)
    keys = rows.select_related(None).values("pk")[: A_PAGE + 1]
    return lines_by_keys(accounts=False).filter(pk__in=keys)


_FIRST_OWED = PreparedRows(_first_owed)
