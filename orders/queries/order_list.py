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
from distportal.common.marks import A_CODE, SOME_KEYS
from distportal.common.prepared import PreparedCount, PreparedRows, PreparedValues, counted
from distportal.web.paging import A_PAGE
from inventory.queries.items import items_coded
from orders.choices import LineStatus, OrderStatus
from orders.models import Order, OrderLine, Shipment
from orders.queries.numbers import order_digits
from orders.queries.questions import with_questions

ORDER_TABS: dict[str, Lazy | str] = {
    "open": _("Open"),
    "action": _("Action needed"),
    "backordered": _("Backordered"),
    "shipped": _("Shipped"),
    "all": _("All"),
}
MOST_LISTED = 50
MOST_COUNTED = 99
MOST_AT_HOME = 8
COUNTED = {
    tab: PreparedCount(lambda pk, tab=tab: _in_tab(Order.objects.of_accounts([pk]), tab), most=MOST_COUNTED + 1)
    for tab in ORDER_TABS
    if tab != "all"
}
"""By tab how many orders of an account are in it."""
IN_STATUS = PreparedCount(lambda status: Order.objects.filter(status=status), A_CODE, most=MOST_COUNTED + 1)
"""How many orders of all accounts have that status."""
_LISTED = ("number", "channel", "status", "po_number", "placed_at", "placed_name", "total", "currency")
_SHOWN_OF_LINES = (
    "line_no", "asked_items", "description", "quantity", "unit", "status", "shipped_quantity", "promised_on",
    "promise_reason", "order__number", "order__po_number", "item__sku", "item__name", "warehouse__code",
)  # fmt: skip
_ENDED = (LineStatus.REJECTED, LineStatus.CANCELLED)


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
    rows = _in_tab(Order.objects.visible_to(user).order_by("-number"), tab, all_held=_sees_all(user))
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
    rows = listed_orders(_in_tab(Order.objects.of_accounts([account_id]), tab), accounts=False)
    return rows.order_by("-number")[: MOST_LISTED + 1]


_FIRST = {tab: PreparedRows(partial(_first, tab=tab)) for tab in ORDER_TABS}


def _newest(rows: QuerySet[Order]) -> QuerySet[Order]:
    return listed_orders(rows, accounts=True).order_by("-number")[:MOST_AT_HOME]


_NEWEST_OPEN = PreparedRows(lambda pk: _newest(_in_tab(Order.objects.of_accounts([pk]), "open")))


def _in_tab(rows: QuerySet[Order], tab: str, *, all_held: bool = False) -> QuerySet[Order]:
    """`all_held`: also those that nobody but our own people can answer."""
    if tab == "open":
        return rows.filter(status__in=OrderStatus.OPEN)
    if tab == "action":
        held = rows.filter(status=OrderStatus.HELD)
        return held if all_held else with_questions(held)
    if tab == "backordered":
        late = OrderLine.objects.filter(order=OuterRef("pk"), status=LineStatus.BACKORDERED)
        late = late.filter(shipped_quantity__lt=F("quantity"))
        return rows.filter(Exists(late), status__in=OrderStatus.OPEN)
    return rows.filter(status=OrderStatus.SHIPPED) if tab == "shipped" else rows


def _sees_all(user: User) -> bool:
    """Our own people, where they do not look at one dealer's portal."""
    return user.is_staff and user.standing is None


def _named(rows: QuerySet[Order], user: User, text: str) -> QuerySet[Order]:
    """Each name is looked up by its own index among what the person may see; one statement for all of them."""
    mine, digits = Order.objects.visible_to(user), order_digits(text)
    norm = "".join(c for c in text.upper() if c.isalnum())
    lines = OrderLine.objects.visible_to(user).filter(item__in=items_coded(text))
    sent = Shipment.objects.visible_to(user).filter(Q(tracking_number=text) | Q(number=text))
    found = [mine.filter(erp_number=text), lines.values("order"), sent.values("order")]
    if norm and _sees_all(user):
        found.append(mine.filter(po_norm__startswith=norm))
    if digits:
        found.append(mine.filter(number=int(digits)))
    ids = [part.order_by().values("pk" if part.model is Order else "order") for part in found]
    named = Q(pk__in=ids[0].union(*ids[1:]))
    if norm and not _sees_all(user):
        # Within one dealer any part of a PO number finds it: its orders are gone through newest first, each once, and
        # only until the page is full.
        named |= Q(po_norm__contains=norm)
    return rows.filter(named)


def tab_counts(user: User) -> dict[str, str]:
    """Tab -> how many wait there, `99+` above; each count stops reading there, and all orders are not counted. For a
    company's people one statement.
    """
    if user.standing is None:
        return {tab: capped(tab_count(user, tab)) for tab in COUNTED}
    found = counted([(count, [user.standing.account.pk]) for count in COUNTED.values()])
    return {tab: capped(count) for tab, count in zip(COUNTED, found, strict=True)}


def tab_count(user: User, tab: str) -> int:
    """How many orders of a tab the person may see, counted no further than one above `MOST_COUNTED`."""
    if user.standing is not None and tab in COUNTED:
        return COUNTED[tab](user.standing.account.pk)
    return orders_in_tab(user=user, tab=tab).order_by()[: MOST_COUNTED + 1].count()


def capped(count: int) -> str:
    """`7`, or `99+`."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def order_rows(orders: Sequence[Order]) -> list[OrderRow]:
    """The orders with progress and next date, in their order and in one query."""
    found = {pk: told for pk, *told in _PROGRESS([order.pk for order in orders])} if orders else {}
    return [_row(order, *found.get(order.pk, (0, 0, 0, None))) for order in orders]


def _row(order: Order, lines: int, done: int, part: int, next_on: dt.date | None) -> OrderRow:
    return OrderRow(order=order, progress=Progress(lines=lines, done=done, part=part), next_on=next_on)


def _progress(order_ids: list[UUID]) -> QuerySet[OrderLine, Any]:
    standing = ~Q(status__in=_ENDED)
    gone, some = Q(shipped_quantity__gte=F("quantity")), Q(shipped_quantity__gt=0)
    lines = OrderLine.objects.filter(Among("order_id", order_ids, of=UUIDField())).order_by()
    return lines.values_list("order").annotate(
        lines=Count("pk", filter=standing),
        done=Count("pk", filter=standing & gone),
        part=Count("pk", filter=standing & some & ~gone),
        next_on=Min("promised_on", filter=standing & ~gone),
    )


_PROGRESS = PreparedValues(_progress, SOME_KEYS)


def owed_lines(*, user: User, text: str = "") -> QuerySet[OrderLine]:
    """What is still owed: lines of open orders of which something has not left, by promise date, without one last."""
    rows = _owed(OrderLine.objects.visible_to(user))
    if text.strip():
        orders = orders_in_tab(user=user, tab="open", text=text)
        rows = rows.filter(Q(item__in=items_coded(text)) | Q(order__in=orders.values("pk")))
    return _listed_owed(rows, accounts=user.is_staff)


def first_owed(account_id: UUID) -> list[OrderLine]:
    """The first page of the same for an account, and one more where there are more."""
    return _FIRST_OWED(account_id)


def _owed(rows: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    rows = rows.exclude(status__in=_ENDED).filter(order__status__in=OrderStatus.OPEN)
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
    return _listed_owed(OrderLine.objects.filter(pk__in=keys), accounts=False)


_FIRST_OWED = PreparedRows(_first_owed)


def neighbours(order: Order, user: User) -> tuple[Order | None, Order | None]:
    """The order that is newer and the one that is older, among those the person may see."""
    rows = Order.objects.visible_to(user)
    newer = rows.filter(number__gt=order.number).order_by("number").first()
    older = rows.filter(number__lt=order.number).order_by("-number").first()
    return newer, older
