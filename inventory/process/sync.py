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
from inventory.process.merging import Merged
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
APPLY: dict[FeedKind, Callable[..., Merged]] = {
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
    ours = owned_changes(kind, page.changes, of=of)
    aside = _keep_told(page.changes, ours, of) if together else 0
    applied = APPLY[kind](ours, erp=of)
    tell_news(kind, ours, connection=of)
    note_page(kind, changes=applied.count, oldest=applied.oldest, of=of)
    store_cursor(kind, page.next_cursor, changes=applied.count, complete=not page.more, of=of, shadowed=aside)
    return applied.count


def _keep_told(told: Sequence[Change], ours: Sequence[Change], of: str) -> int:
    """All that was told is kept; how much of it is news about things that another ERP owns."""
    keep_facts(ours, of=of)
    known = {id(change) for change in ours}
    return keep_facts([change for change in told if id(change) not in known], of=of)


def _fetch_missing_items(kind: FeedKind, changes: Sequence[Change], of: str) -> None:
    """Feeds are unordered across kinds: a price may come before its item. Its item is read first, so it is not lost."""
    if kind not in NEED_ITEMS or of != DEFAULT or not unknown_skus(changes):
        return
    sync_feed(kind="item", of=of)
    if left := unknown_skus(changes):
        log.warning("sync.items_not_published", kind=kind, skus=sorted(left)[:20], count=len(left))
