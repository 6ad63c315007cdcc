"""The list of orders: by tab, by what people type, in steps that need no count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, UUIDField
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import User
from distportal.common.among import Among
from distportal.common.marks import SOME_KEYS
from distportal.common.prepared import PreparedRows, PreparedValues
from orders.choices import LineStatus, OrderStatus
from orders.models import Order, OrderLine
from orders.queries.questions import with_questions
from orders.queries.sought import (
    fits_po,
    orders_numbered,
    orders_of_item,
    sees_all,
    shipments_called,
    sought,
)

ORDER_TABS: dict[str, Lazy | str] = {
    "open": _("Open"),
    "action": _("Action needed"),
    "backordered": _("Backordered"),
    "shipped": _("Shipped"),
    "all": _("All"),
}
MOST_LISTED = 50
MOST_AT_HOME = 8
_LISTED = ("number", "channel", "status", "po_number", "placed_at", "placed_name", "total", "currency")
ENDED = (LineStatus.REJECTED, LineStatus.CANCELLED)
"""Lines that nothing more becomes of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the lines of an order are: of `lines` that still stand, `done` have left entirely, `part` in part."""

    lines: int = 0
    done: int = 0
    part: int = 0

    @property
    def percent(self) -> int:
        """Of the lines, whole ones only: 100 means that nothing is to come."""
        return self.done * 100 // self.lines if self.lines else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One order as the list shows it; `next_on` is the earliest promise of what has not left."""

    order: Order
    progress: Progress
    next_on: dt.date | None = None


def orders_in_tab(*, user: User, tab: str, text: str = "") -> QuerySet[Order]:
    """The orders the person may see, newest first, by tab and by what was typed: order, PO, SKU or tracking number."""
    rows = in_tab(Order.objects.visible_to(user).order_by("-number"), tab, all_held=sees_all(user))
    return _named(rows, user, text.strip()) if text.strip() else rows


def listed_orders(rows: QuerySet[Order], *, accounts: bool) -> QuerySet[Order]:
    """With what a list shows of them and no other columns; whose they are only with `accounts`."""
    related = ["ship_to", "account"] if accounts else ["ship_to"]
    return rows.select_related(*related).only(*_LISTED, *related, *(f"{one}__name" for one in related))


def newest_open(user: User) -> list[Order]:
    """The newest orders of the open ones that the person may see, a few."""
    if user.standing is not None:
        return _NEWEST_OPEN(user.standing.account.pk)
    return list(_newest(orders_in_tab(user=user, tab="open")))


def first_orders(account_id: UUID, tab: str) -> list[Order]:
    """The first page of a tab as a dealer's list shows it, and one more where there are more."""
    return _FIRST[tab](account_id)


def _first(account_id: UUID, *, tab: str) -> QuerySet[Order, Order]:
    rows = listed_orders(in_tab(Order.objects.of_accounts([account_id]), tab), accounts=False)
    return rows.order_by("-number")[: MOST_LISTED + 1]


_FIRST = {tab: PreparedRows(partial(_first, tab=tab)) for tab in ORDER_TABS}


def _newest(rows: QuerySet[Order]) -> QuerySet[Order]:
    return listed_orders(rows, accounts=True).order_by("-number")[:MOST_AT_HOME]


_NEWEST_OPEN = PreparedRows(lambda pk: _newest(in_tab(Order.objects.of_accounts([pk]), "open")))


def in_tab(rows: QuerySet[Order], tab: str, *, all_held: bool = False) -> QuerySet[Order]:
    """The orders of a tab; `all_held`: also those that nobody but our own people can answer."""
    if tab == "open":
        return rows.filter(status__in=OrderStatus.OPEN)
    if tab == "action":
        held = rows.filter(status=OrderStatus.HELD)
        return held if all_held else with_questions(held)
    if tab == "backordered":
        return rows.filter(Exists(late_lines().filter(order=OuterRef("pk"))), status__in=OrderStatus.OPEN)
    return rows.filter(status=OrderStatus.SHIPPED) if tab == "shipped" else rows


def late_lines() -> QuerySet[OrderLine]:
    """Lines that are backordered and have not left entirely, of orders of any status."""
    return OrderLine.objects.filter(status=LineStatus.BACKORDERED, shipped_quantity__lt=F("quantity"))


def _named(rows: QuerySet[Order], user: User, text: str) -> QuerySet[Order]:
    few, sent = not sees_all(user), shipments_called(user, text).values("order")
    exactly = [Q(pk__in=keys) for keys in (orders_numbered(user, text), orders_of_item(user, text), sent)]
    return sought(rows, exactly=exactly, fits=fits_po(text, few=few), along=few)


def order_rows(orders: Sequence[Order]) -> list[OrderRow]:
    """The orders with progress and next date, in their order and in one query."""
    found = {pk: told for pk, *told in _PROGRESS([order.pk for order in orders])} if orders else {}
    return [_row(order, *found.get(order.pk, (0, 0, 0, None))) for order in orders]


def _row(order: Order, lines: int, done: int, part: int, next_on: dt.date | None) -> OrderRow:
    return OrderRow(order=order, progress=Progress(lines=lines, done=done, part=part), next_on=next_on)


def _progress(order_ids: list[UUID]) -> QuerySet[OrderLine, Any]:
    standing = ~Q(status__in=ENDED)
    gone, some = Q(shipped_quantity__gte=F("quantity")), Q(shipped_quantity__gt=0)
    lines = OrderLine.objects.filter(Among("order_id", order_ids, of=UUIDField())).order_by()
    return lines.values_list("order").annotate(
        lines=Count("pk", filter=standing),
        done=Count("pk", filter=standing & gone),
        part=Count("pk", filter=standing & some & ~gone),
        next_on=Min("promised_on", filter=standing & ~gone),
    )


_PROGRESS = PreparedValues(_progress, SOME_KEYS)


def neighbours(order: Order, user: User) -> tuple[Order | None, Order | None]:
    """The order that is newer and the one that is older, among those the person may see."""
    rows = Order.objects.visible_to(user)
    newer = rows.filter(number__gt=order.number).order_by("number").first()
    older = rows.filter(number__lt=order.number).order_by("-number").first()
    return newer, older
