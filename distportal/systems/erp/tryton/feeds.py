"""The change feeds and snapshots of Tryton: which records tell of a change, and what is then read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from distportal.canonical.base import to_json
from distportal.systems.erp.keyset import version
from distportal.systems.erp.port import Change, FeedKind, Page, SnapshotKind
from distportal.systems.erp.tryton.catalogue import GOODS, Catalogue
from distportal.systems.erp.tryton.cursors import STAMP, Source, Walk, walk
from distportal.systems.erp.tryton.facts import Facts
from distportal.systems.erp.tryton.http import Record, TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.erp.tryton.orders import Sales
from distportal.systems.erp.tryton.prices import Prices
from distportal.systems.errors import OutOfStep

_POSTED: list[object] = [["type", "=", "out"], ["state", "in", ["posted", "paid"]], ["number", "!=", None]]
# A stock change leaves the item untouched and an invoice its party: the records that moved them tell.
SOURCES: dict[FeedKind, tuple[Source, ...]] = {
    "order": (Source(model="sale.sale", domain=[["reference", "!=", None]], fields=("reference",)),),
    "shipment": (Source(model="stock.shipment.out", domain=[["state", "=", "done"]]),),
    "invoice": (Source(model="account.invoice", domain=_POSTED),),
    "item": (
        Source(model="product.product", domain=GOODS),
        Source(model="product.template", domain=[["type", "=", "goods"]], fields=("products",)),
    ),
    "stock": (Source(model="stock.move", domain=[["product.type", "=", "goods"]], fields=("product",)),),
    "price": (
        Source(model="product.product", domain=GOODS),
        Source(model="product.template", domain=[["type", "=", "goods"]], fields=("products",)),
        Source(model="product.price_list", domain=[]),
        Source(model="product.price_list.line", domain=[]),
    ),
    "customer": (
        Source(model="party.party", domain=[["code", "!=", None]]),
        Source(model="account.invoice", domain=_POSTED, fields=("party",)),
    ),
}
_PARTY = ("code", "sale_price_list")


class Feeds:
    """Pages of changes and of the full truth."""

    def __init__(
        self,
        http: TrytonHttp,
        masters: Masters,
        sales: Sales,
        catalogue: Catalogue,
        prices: Prices,
        facts: Facts,
        key_prefix: str,
    ) -> None:
        self._key_prefix = key_prefix
        self._http = http
        self._masters = masters
        self._sales = sales
        self._catalogue = catalogue
        self._prices = prices
        self._facts = facts

    def page(self, kind: FeedKind, cursor: str | None, limit: int, overlap: dt.timedelta) -> Page:
        """The next page; a page can hold more changes than `limit`, which counts records of each source."""
        context = {**self._masters.context, "active_test": False}
        walked = walk(self._http, SOURCES[kind], cursor, limit, overlap, context)
        return Page(changes=tuple(self._made(kind, walked)), next_cursor=walked.cursor, more=walked.more)

    def _made(self, kind: FeedKind, walked: Walk) -> Sequence[Change]:
        rows = walked.found
        match kind:
            case "order":
                return self._orders([row for row in rows[0] if row["reference"].startswith(self._key_prefix)])
            case "shipment":
                return self._facts.shipments(_ids(rows[0]))
            case "invoice":
                return self._facts.invoices(_ids(rows[0]))
            case "item":
                return self._catalogue.items(_products(rows))
            case "stock":
                return self._catalogue.stock([row["product"] for row in rows[0]])
            case "customer":
                return self._catalogue.customers([*_ids(rows[0]), *(row["party"] for row in rows[1])])
            case "price":
                return self._price_changes(walked)

    def _orders(self, rows: Sequence[Record]) -> list[Change]:
        stamps = {str(row["id"]): row[STAMP] for row in rows}
        return [
            Change(kind="order", erp_id=state.erp_id, version=version(stamps[state.erp_id]),
                   occurred_at=stamps[state.erp_id], payload=dict(to_json(state)))
            for state in self._sales.of_ids(_ids(rows))
        ]  # fmt: skip

    def _price_changes(self, walked: Walk) -> list[Change]:
        if any(walked.beyond[2:]):
            # One formula moves the prices of every item and customer: cheaper, and complete, as a snapshot.
            raise OutOfStep("erp.price_list_changed", "a price list of Tryton changed: a snapshot of prices is due")
        return self._prices.rungs(_products(walked.found), self._priced_parties(), with_list=True)

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str], size: int) -> Iterator[Sequence[Change]]:
        """The full truth of one kind; `scope` may name `sku` (several with commas), `warehouse` or `account`."""
        if kind == "customer":
            domain: list[object] = [["code", "!=", None]]
            if account := scope.get("account"):
                domain = [["id", "=", self._masters.customer(account)["id"]]]
            for ids in self._catalogue.every("party.party", domain, size):
                yield self._catalogue.customers(ids)
            return
        goods: list[object] = [*GOODS, ["code", "in", scope["sku"].split(",")]] if scope.get("sku") else GOODS
        for ids in self._catalogue.every("product.product", goods, size):
            yield self._of_items(kind, ids, scope)

    def _of_items(self, kind: SnapshotKind, ids: Sequence[int], scope: Mapping[str, str]) -> Sequence[Change]:
        if kind == "item":
            return self._catalogue.items(ids)
        if kind == "stock":
            return self._catalogue.stock(ids, [scope["warehouse"]] if scope.get("warehouse") else ())
        if account := scope.get("account"):
            return self._prices.rungs(ids, [self._masters.customer(account)], with_list=False)
        return self._prices.rungs(ids, self._priced_parties(), with_list=True)

    def _priced_parties(self) -> list[Record]:
        # The price list of a party depends on the company, so it can be read but not searched for.
        return self._http.search("party.party", [["code", "!=", None]], _PARTY, context=self._masters.context)


def _ids(rows: Sequence[Record]) -> list[int]:
    return [row["id"] for row in rows]


def _products(rows: Sequence[Sequence[Record]]) -> list[int]:
    return [*_ids(rows[0]), *(product for row in rows[1] for product in row["products"])]
