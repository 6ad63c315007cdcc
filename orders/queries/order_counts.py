"""How many orders are in each tab, counted no further than a page shows."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from distportal.accounts.models import User
from distportal.common.prepared import PreparedCount, counted
from orders.choices import OrderStatus
from orders.models import Order
from orders.queries.order_list import ORDER_TABS, in_tab, late_lines, orders_in_tab
from orders.queries.sought import sees_all

MOST_COUNTED = 99
COUNTED = {
    tab: PreparedCount(lambda pk, tab=tab: in_tab(Order.objects.of_accounts([pk]), tab), most=MOST_COUNTED + 1)
    for tab in ORDER_TABS
    if tab != "all"
}
"""By tab how many orders of an account are in it."""


def _among_all(tab: str) -> QuerySet[Any, Any]:
    """Late lines have an index by their orders, which is read no further than counted. The order's status is asked for
    line by line: from a join the database reads all late lines, or all open orders, before the first is counted.
    """
    if tab != "backordered":
        return in_tab(Order.objects.all(), tab, all_held=True)
    status = Subquery(Order.objects.filter(pk=OuterRef("order")).values("status"))
    return late_lines().annotate(order_is=status).filter(order_is__in=OrderStatus.OPEN).values("order").distinct()


COUNTED_OF_ALL = {tab: PreparedCount(partial(_among_all, tab), most=MOST_COUNTED + 1) for tab in COUNTED}
"""By tab how many orders of all accounts are in it, for our own people."""


def tab_counts(user: User) -> dict[str, str]:
    """Tab -> how many wait there, `99+` above; each count stops reading there, and all orders are not counted. One
    statement, but for people of several companies.
    """
    if user.standing is not None:
        found = counted([(count, [user.standing.account.pk]) for count in COUNTED.values()])
    elif sees_all(user):
        found = counted([(count, []) for count in COUNTED_OF_ALL.values()])
    else:
        found = [tab_count(user, tab) for tab in COUNTED]
    return {tab: capped(count) for tab, count in zip(COUNTED, found, strict=True)}


def tab_count(user: User, tab: str) -> int:
    """How many orders of a tab the person may see, counted no further than one above `MOST_COUNTED`."""
    return orders_in_tab(user=user, tab=tab).order_by()[: MOST_COUNTED + 1].count()


def capped(count: int) -> str:
    """`7`, or `99+`."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
