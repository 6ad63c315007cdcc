"""How long after the ERP tells ten thousand changes the portal shows them: read page by page, as from any ERP."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from unittest.mock import patch

from distportal.accounts.models import Account
from distportal.systems.erp.port import Capabilities, Change, FeedKind, Page
from inventory.models import Item
from inventory.process import sync
from inventory.queries.availability import availability_of
from inventory.queries.prices import prices_for
from tests.bench.warehouse import price_rows, stock_rows

CHANGED, PAGE = 10_000, 40
TODAY = dt.date(2026, 11, 25)
NOW = "2026-11-25T12:00:00+00:00"


class Feed:
    """Answers at once: an ERP's own seconds are not the portal's."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes

    def capabilities(self) -> Capabilities:
        """All feeds."""
        none = dt.timedelta()
        return Capabilities(
            order_key="enforced", feed="cursor", price="none", max_order_lines=1, page_size=500, writes_per_minute=1,
            settle=none, feed_overlap=none,
        )  # fmt: skip

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """The next page; the cursor is a number."""
        start = int(cursor or 0)
        page = tuple(self._changes[start : start + limit])
        return Page(changes=page, next_cursor=str(start + limit), more=start + limit < len(self._changes))


def seconds_until_seen(rows: int) -> dict[str, float]:
    """Seconds from the first page of the feed until a page of the portal shows the last of the changes, by kind, beside
    `rows` others; that it shows all of them is checked.
    """
    items = dict(Item.objects.values_list("sku", "pk"))
    stock = [_change("stock", row[0], NOW, _stock(row)) for row in islice(stock_rows(rows, NOW), CHANGED)]
    prices = [_change("price", row[0], NOW, _price(row)) for row in islice(price_rows(rows, NOW), CHANGED)]
    return {"stock rows": _stock_seconds(stock, items), "prices": _price_seconds(prices, items)}


def _stock_seconds(changes: Sequence[Change], items: dict[str, int]) -> float:
    page = [items[c.payload["sku"]] for c in changes[-PAGE:]]
    began = time.monotonic()
    _sync("stock", changes)
    availability_of(item_ids=page)
    seconds = time.monotonic() - began
    seen = availability_of(item_ids=[items[c.payload["sku"]] for c in changes])
    for change in changes:
        places = {p.code: p.available for p in seen[items[change.payload["sku"]]].by_warehouse}
        assert places[change.payload["warehouse"]] == 12345
    return seconds


def _price_seconds(changes: Sequence[Change], items: dict[str, int]) -> float:
    account = Account.objects.get(code="ACC0")
    wanted = {items[c.payload["sku"]]: Decimal(1) for c in changes if c.payload["account"] == "ACC0"}
    page = dict(list(wanted.items())[-PAGE:])
    began = time.monotonic()
    _sync("price", changes)
    prices_for(account_id=account.pk, wanted=page, on=TODAY)
    seconds = time.monotonic() - began
    seen = prices_for(account_id=account.pk, wanted=wanted, on=TODAY)
    assert {quote.unit_price for quote in seen.values()} == {Decimal("0.77")}
    return seconds


def _sync(kind: FeedKind, changes: Sequence[Change]) -> None:
    with patch.object(sync, "connected", lambda of: Feed(changes)):
        assert sync.sync_feed(kind=kind) == len(changes)


def _change(kind: FeedKind, erp_id: str | None, version: str, payload: dict[str, str | None]) -> Change:
    at = dt.datetime.fromisoformat(version)
    return Change(kind=kind, erp_id=str(erp_id), version=version, occurred_at=at, payload=payload)


def _stock(row: Sequence[str | None]) -> dict[str, str | None]:
    return {"sku": row[0], "warehouse": row[1], "on_hand": "12345", "available": "12345", "as_of": NOW}


def _price(row: Sequence[str | None]) -> dict[str, str | None]:
    names = ("sku", "account", "price_group", "contract", "min_quantity")
    return {
        **dict(zip(names, row[1:6], strict=True)),
        "unit_price": "0.77", "currency": "USD", "valid_from": "2026-01-01", "valid_until": None,
    }  # fmt: skip
