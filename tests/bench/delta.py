"""How long after the ERP tells ten thousand changes the portal shows them: page by page, as the feed is read."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from django.db import transaction

from distportal.accounts.models import Account
from distportal.systems.erp.port import Change, FeedKind
from inventory.models import Item
from inventory.process.applying import apply_prices, apply_stock
from inventory.process.cursors import store_cursor
from inventory.process.sync import LIMIT
from inventory.queries.availability import availability_of
from inventory.queries.prices import prices_for
from tests.bench.warehouse import PLACES, price_rows, stock_rows

CHANGED, ROWS = 10_000, 1_000_000
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


def seconds_until_seen() -> dict[str, float]:
    """Seconds from the first page to the last item shown, by kind."""
    return {
        "stock rows": _seconds("stock", _stock_changes(), apply_stock, _check_stock),
        "prices": _seconds("price", _price_changes(), apply_prices, _check_prices),
    }


def _seconds(
    kind: FeedKind,
    changes: Sequence[Change],
    apply: Callable[[Sequence[Change]], int],
    check: Callable[[Sequence[Change]], None],
) -> float:
    began = time.monotonic()
    for start in range(0, len(changes), LIMIT):
        with transaction.atomic():
            applied = apply(changes[start : start + LIMIT])
            store_cursor(kind, str(start), changes=applied, complete=start + LIMIT >= len(changes))
    check(changes)
    return time.monotonic() - began
