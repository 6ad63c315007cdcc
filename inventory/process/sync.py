"""Bring the ERP's items, stock, prices and credit figures into our tables, page by page with the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from django.db import transaction

from distportal.events.errors import RetryLater
from distportal.systems.erp.port import Change, FeedKind
from distportal.systems.errors import Transient, Unmapped
from distportal.systems.registry import erp
from inventory.process.applying import apply_customers, apply_items, apply_prices, apply_stock, unknown_skus
from inventory.process.cursors import cursor_of, note_failure, store_cursor
from inventory.process.feed_stops import TRY_AGAIN, feed_goes_on, stop_feed
from inventory.process.live.news import tell_news

log = structlog.get_logger(__name__)

LIMIT = 500
JOBS: dict[FeedKind, str] = {
    "item": "inventory.sync_items",
    "stock": "inventory.sync_stock",
    "price": "inventory.sync_prices",
    "customer": "inventory.sync_customers",
}
NEED_ITEMS = ("stock", "price")
APPLY: dict[FeedKind, Callable[[Sequence[Change]], int]] = {
    "item": apply_items,
    "stock": apply_stock,
    "price": apply_prices,
    "customer": apply_customers,
}


def sync_feed(*, kind: FeedKind) -> int:
    """How many changes were applied. No transaction is open while the ERP is asked; raises RetryLater while it does not
    answer.
    """
    port, total = erp(), 0
    if kind not in port.capabilities().feeds:
        return 0  # this ERP has no such feed: nothing to read is no failure
    while True:
        try:
            page = port.changes(kind, cursor_of(kind) or None, LIMIT)
        except Transient as error:
            note_failure(kind, error.message)
            raise RetryLater(error.message, after=5.0, counts=False) from error
        except Unmapped as error:
            stop_feed(kind=kind, job=JOBS[kind], error=error)
            raise RetryLater(error.message, after=TRY_AGAIN, counts=False) from error
        _fetch_missing_items(kind, page.changes)
        with transaction.atomic():
            applied = APPLY[kind](page.changes)
            tell_news(kind, page.changes)
            store_cursor(kind, page.next_cursor, changes=applied, complete=not page.more)
        total += applied
        if not page.more:
            feed_goes_on(kind=kind, job=JOBS[kind])
            return total


def _fetch_missing_items(kind: FeedKind, changes: Sequence[Change]) -> None:
    """Feeds are unordered across kinds: a price may come before its item. Its item is read first, so it is not lost."""
    if kind not in NEED_ITEMS or not unknown_skus(changes):
        return
    sync_feed(kind="item")
    if left := unknown_skus(changes):
        log.warning("sync.items_not_published", kind=kind, skus=sorted(left)[:20], count=len(left))
