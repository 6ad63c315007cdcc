"""The adapter that speaks SAP S/4HANA's OData V2 services and translates its codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from distportal.systems.erp.port import (
    Capabilities,
    Change,
    DraftLine,
    ErpDocument,
    FeedKind,
    Health,
    OrderDraft,
    OrderState,
    Page,
    SnapshotKind,
    is_made,
    the_one,
)
from distportal.systems.erp.sap_odata.codes import Codes
from distportal.systems.erp.sap_odata.facts import Facts
from distportal.systems.erp.sap_odata.feeds import OFFERED, Feeds
from distportal.systems.erp.sap_odata.http import SapHttp
from distportal.systems.erp.sap_odata.orders import Orders
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.errors import Conflict, Misconfigured, Rejected

PAGE_SIZE = 500
MOST_LINES = 200


class SapErp:
    """The ten calls, as far as the sales order, delivery, billing and partner services reach."""

    def __init__(self, settings: SapSettings) -> None:
        self._http = SapHttp(settings)
        codes = Codes(self._http, settings)
        self._orders = Orders(self._http, codes, settings)
        facts = Facts(self._orders, codes, settings)
        self._feeds = Feeds(self._http, self._orders, facts, codes, settings)
        self._settle = dt.timedelta(seconds=settings.settle_seconds)
        self._overlap = dt.timedelta(seconds=settings.feed_overlap_seconds)

    def capabilities(self) -> Capabilities:
        """References can be searched but are not unique; no prices, stock, items or credit memos by these services."""
        return Capabilities(
            order_key="searchable",
            feed="cursor",
            price="none",
            max_order_lines=MOST_LINES,
            page_size=PAGE_SIZE,
            writes_per_minute=120,
            settle=self._settle,
            feed_overlap=self._overlap,
            feeds=OFFERED,
            credit_requests=False,
        )

    def health(self) -> Health:
        """Round trip and clock, which SAP tells to the second; wrong credentials show here."""
        before = dt.datetime.now(dt.UTC)
        took = self._http.ping()
        middle = before + dt.timedelta(seconds=took / 2)
        skew = (self._http.told_at + dt.timedelta(seconds=0.5) - middle).total_seconds()
        return Health(ok=True, version="OData V2", latency_ms=took * 1000, clock_skew_s=skew)

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """ALL orders whose customer reference is the key."""
        return self._orders.find(order_key)

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Save the order whole: the one step there is. Without `known` the key is looked up first."""
        if draft.kind != "order":
            message = "SAP's sales order service takes no credit memo requests: enter it in SAP"
            raise Misconfigured("erp.not_offered", message)
        found = known or the_one(self._orders.find(draft.order_key))
        if found is None:
            return self._orders.make(draft)
        if found.content_hash != draft.content_hash:
            message = f"SAP order {found.number} has the key {draft.order_key} with other content"
            raise Conflict("erp.content_differs", message)
        return found

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """The state after asking: an order of which nothing was delivered goes, another stays as it is."""
        found = the_one(self._orders.find(order_key))
        if found is None:
            raise Rejected("erp.order_unknown", f"SAP has no order with the reference {order_key}")
        return self._orders.cancel(found) if found.stage == "accepted" else found

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """The order with the draft's content, all of it or nothing. Raises Rejected for what is in a delivery."""
        found = the_one(self._orders.find(draft.order_key))
        if found is None:
            raise Rejected("erp.order_unknown", f"SAP has no order with the reference {draft.order_key}")
        return found if is_made(found, draft, replaces) else self._orders.change(found, draft)

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """The next page; after a pause it begins `feed_overlap` earlier, so the same version may come again."""
        return self._feeds.page(kind, cursor, limit, self._overlap)

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """Customers page by page. Raises Misconfigured `erp.not_offered` for the other kinds."""
        if kind != "customer":
            raise Misconfigured("erp.not_offered", f"SAP's OData services give no {kind} here: load it by IDoc or file")
        return self._feeds.customers(scope.get("account", ""), PAGE_SIZE)

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """Raises Misconfigured `erp.not_offered`: SAP prices an order, it quotes nothing."""
        raise Misconfigured("erp.not_offered", "SAP's OData services quote no prices: load price lists by IDoc or file")

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """Raises Misconfigured `erp.not_offered`."""
        raise Misconfigured("erp.not_offered", f"SAP prints no {kind} over these services")
