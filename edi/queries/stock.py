"""What a partner may be told of items: which it may buy, what is there, what it pays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from distportal.accounts.models import Account, ShipTo
from inventory.choices import ItemStatus
from inventory.models import Item, StockLevel
from inventory.queries.availability import Availability, availability_of
from inventory.queries.items import foresee_items, items_named
from inventory.queries.prices import PriceQuote, prices_for

__all__ = ["Availability", "availability_of", "foresee_items", "items_named"]


def items_for(account: Account) -> QuerySet[Item]:
    """The items that may go to one of the account's places at least; discontinued ones, too."""
    regions = sorted(set(ShipTo.objects.filter(account=account, active=True).values_list("region", flat=True)))
    rows = Item.objects.all()
    return rows.exclude(restricted_regions__contains=regions) if regions else rows


def blocks(rows: QuerySet[Item], *, width: int) -> Iterator[tuple[int, int]]:
    """The rows cut at fixed primary keys, as (first, last): the same row is in the same block every time."""
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    for block in range(ends["first"] // width, ends["last"] // width + 1):
        yield block * width, block * width + width - 1


def on_hand_of(*, item_ids: Collection[int]) -> dict[tuple[int, str], Decimal]:
    """(Item id, warehouse code) -> what lies there, promised or not, in base units; in one query."""
    rows = StockLevel.objects.filter(item_id__in=item_ids).values_list("item_id", "warehouse__code", "on_hand")
    return {(item_id, code): on_hand for item_id, code, on_hand in rows}


def quotes_for(*, account_id: UUID, items: Collection[Item], on: dt.date) -> Mapping[int, PriceQuote]:
    """What the account pays for one of each item on a day, with the whole ladder, in two queries."""
    return prices_for(account_id=account_id, wanted={item.pk: Decimal(1) for item in items}, on=on)


def is_discontinued(item: Item) -> bool:
    """Whether it is sold off and will not come again."""
    return item.status == ItemStatus.DISCONTINUED


def sold(rows: QuerySet[Item]) -> QuerySet[Item]:
    """Those that are not discontinued."""
    return rows.exclude(status=ItemStatus.DISCONTINUED)
