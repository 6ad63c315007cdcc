"""What the feeds bring makes void what was answered before: exactly that, and only if it is older."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from distportal.events.clock import database_now
from distportal.systems.cache.answers import CachedRead
from distportal.systems.cache.store import mark_news
from distportal.systems.erp.port import Change, FeedKind
from inventory.models import Price
from inventory.process.live.credit import CREDIT
from inventory.process.live.prices import ANYBODY, PRICES, price_tags
from inventory.process.live.stock import STOCK

_READS: dict[FeedKind, CachedRead] = {"stock": STOCK, "price": PRICES, "customer": CREDIT}


def tell_news(kind: FeedKind, changes: Sequence[Change], *, connection: str = "default") -> None:
    """After the commit of these changes nobody is served an answer that is older than they are. Call it in their
    transaction.
    """
    if kind == "stock":
        _void(STOCK, ((c.payload["sku"], _as_of(c)) for c in changes if c.payload.get("sku")), connection)
    elif kind == "customer":
        _void(CREDIT, ((c.payload["account"], c.occurred_at) for c in changes), connection)
    elif kind == "item":
        # An answer on prices has the moment of our clock: what we learn now is newer than all that was asked before.
        now = database_now()
        _void(PRICES, ((f"{ANYBODY}|{c.payload['sku']}", now) for c in changes if c.payload.get("sku")), connection)
    elif kind == "price":
        now = database_now()
        _void(PRICES, ((tag, now) for tag in _priced(changes)), connection)


def void_answers(kind: FeedKind, tags: Collection[str], *, connection: str = "default") -> None:
    """As `tell_news`, for what an ERP does not have any more and so cannot date: answers of before now are void. `tags`
    are SKUs of stock, account codes of customers, and what `price_tags_of` gives.
    """
    if tags:
        now = database_now()
        _void(_READS[kind], ((tag, now) for tag in tags), connection)


def price_tags_of(pks: Collection[int]) -> set[str]:
    """The tags of these prices; ask before they are deleted."""
    rows = Price.objects.filter(pk__in=pks).values_list("account__code", "item__sku")
    return {price_tags(account or ANYBODY, sku)[0] for account, sku in rows}


def _void(read: CachedRead, told: Iterable[tuple[str, dt.datetime]], connection: str) -> None:
    news: dict[str, dt.datetime] = {}
    for tag, at in told:
        news[tag] = max(at, news.get(tag, at))
    transaction.on_commit(lambda: mark_news(read, news, connection=connection))


def _as_of(change: Change) -> dt.datetime:
    told = change.payload.get("as_of")
    return dt.datetime.fromisoformat(told) if told else change.occurred_at


def _priced(changes: Sequence[Change]) -> set[str]:
    """Whose price of what has changed; what was withdrawn need not say, but we know it."""
    tags = {
        price_tags(c.payload.get("account") or ANYBODY, c.payload["sku"])[0] for c in changes if c.payload.get("sku")
    }
    ended = [c.erp_id for c in changes if not c.payload.get("sku")]
    rows = Price.objects.filter(erp_id__in=ended).values_list("account__code", "item__sku") if ended else ()
    return tags | {price_tags(account or ANYBODY, sku)[0] for account, sku in rows}
