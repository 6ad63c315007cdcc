"""Bring an ERP's items, stock, prices and credit figures into our tables, page by page with the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from django.db import transaction

from distportal.systems.erp.port import Change, FeedKind, Page
from distportal.systems.ownership import DEFAULT, beside, hold_ownership
from inventory.process.applying import apply_customers, apply_items, apply_prices, apply_stock, unknown_skus
from inventory.process.cursors import note_page, store_cursor
from inventory.process.facts import keep_facts
from inventory.process.feed_stops import feed_goes_on
from inventory.process.feeds import connected, next_page
from inventory.process.live.news import tell_news
from inventory.process.owned import owned_changes

log = structlog.get_logger(__name__)

LIMIT = 500
JOBS: dict[FeedKind, str] = {
    "item": "inventory.sync_items",
    "stock": "inventory.sync_stock",
    "price": "inventory.sync_prices",
    "customer": "inventory.sync_customers",
}
NEED_ITEMS = ("stock", "price")
APPLY: dict[FeedKind, Callable[..., int]] = {
    "item": apply_items,
    "stock": apply_stock,
    "price": apply_prices,
    "customer": apply_customers,
}


def sync_feed(*, kind: FeedKind, of: str = DEFAULT) -> int:
    """How many changes of the connection `of` were applied; what it tells of things that another ERP owns is kept aside
    and counted. No transaction is open while the ERP is asked. Raises RetryLater while it does not answer; reads
    nothing of a connection that is stopped, and stops one whose ERP does not know our cursor.
    """
    port, total = connected(of), 0
    if port is None or kind not in port.capabilities().feeds:
        return 0  # nothing to read is no failure
    together = of != DEFAULT or bool(beside())
    while True:
        page = next_page(port, kind, LIMIT, of=of, job=JOBS[kind])
        if page is None:
            return total
        _fetch_missing_items(kind, page.changes, of)
        applied = _apply(kind, page, of, together)
        total += applied
        if not page.more:
            feed_goes_on(kind=kind, job=JOBS[kind], of=of)
            return total


@transaction.atomic
def _apply(kind: FeedKind, page: Page, of: str, together: bool) -> int:
    hold_ownership()
    if together:
        keep_facts(page.changes, of=of)
    ours = owned_changes(kind, page.changes, of=of)
    applied = APPLY[kind](ours, erp=of)
    tell_news(kind, ours, connection=of)
    note_page(kind, (change.occurred_at for change in ours), of=of)
    aside = len(page.changes) - len(ours)
    store_cursor(kind, page.next_cursor, changes=applied, complete=not page.more, of=of, shadowed=aside)
    return applied


def _fetch_missing_items(kind: FeedKind, changes: Sequence[Change], of: str) -> None:
    """Feeds are unordered across kinds: a price may come before its item. Its item is read first, so it is not lost."""
    if kind not in NEED_ITEMS or of != DEFAULT or not unknown_skus(changes):
        return
    sync_feed(kind="item", of=of)
    if left := unknown_skus(changes):
        log.warning("sync.items_not_published", kind=kind, skus=sorted(left)[:20], count=len(left))
