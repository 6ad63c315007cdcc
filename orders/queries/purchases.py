"""What an account has bought before, as its people look for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from distportal.accounts.models import Account
from distportal.common.prepared import PreparedRows
from inventory.models import Item
from inventory.queries.items import normalise_code
from inventory.queries.search import BY_SKU, find_items
from orders.models import Purchase

PERIODS = {"30": 30, "90": 90, "365": 365}
"""Days, by what stands in the address."""
MOST_LISTED = 40
_NUMBER = F("last_order__number")


def purchases_of(*, account: Account, text: str = "", since: dt.datetime | None = None) -> QuerySet[Purchase]:
    """One row an item, bought since then; found by all that finds an item in the catalogue. `order_number` is that of
    the order that it was bought with last.
    """
    rows = Purchase.objects.filter(account=account).select_related("item").annotate(order_number=_NUMBER)
    if since is not None:
        rows = rows.filter(last_at__gte=since)
    if not text:
        return rows
    if not normalise_code(text):
        return rows.none()
    found = find_items(text=text, account_id=account.pk, narrow=lambda items: bought_before(items, account))
    return rows.filter(item__in=found.ids)


def latest_purchases(account_id: UUID) -> list[Purchase]:
    """The first page of `purchases_of`, the latest first, and one more where there are more."""
    return _LATEST(account_id)


def _latest(account_id: UUID) -> QuerySet[Purchase, Purchase]:
    rows = Purchase.objects.filter(account=account_id).select_related("item").annotate(order_number=_NUMBER)
    return rows.order_by("-last_at", "-id")[: MOST_LISTED + 1]


_LATEST = PreparedRows(_latest)


def bought_before(items: QuerySet[Item], account: Account) -> QuerySet[Item]:
    """Those of the items that the account has ordered."""
    return items.filter(pk__in=Purchase.objects.filter(account=account).values("item")).order_by(BY_SKU)


def last_purchases(account_id: UUID, item_ids: Sequence[int]) -> dict[int, Purchase]:
    """By item id the last time the account bought it, with the `order_number`; one query."""
    rows = Purchase.objects.filter(account=account_id, item__in=item_ids).annotate(order_number=_NUMBER)
    rows = rows.select_related("last_order").defer("last_order__canonical")
    return {row.item_id: row for row in rows}
