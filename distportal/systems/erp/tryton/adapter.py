"""The adapter that speaks Tryton 8's REST dialect and translates its codes."""

from __future__ import annotations

import datetime as dt
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from distportal.systems.erp.port import (
    SETTLED_STAGES,
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
from distportal.systems.erp.tryton.catalogue import Catalogue
from distportal.systems.erp.tryton.codes import Codes
from distportal.systems.erp.tryton.credits import check_credit
from distportal.systems.erp.tryton.facts import Facts
from distportal.systems.erp.tryton.feeds import Feeds
from distportal.systems.erp.tryton.http import TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.erp.tryton.orders import Sales
from distportal.systems.erp.tryton.prices import Prices
from distportal.systems.erp.tryton.settings import TrytonSettings
from distportal.systems.errors import Conflict, Misconfigured, Rejected

PAGE_SIZE = 500
MOST_LINES = 200
PRINTS = {
    "invoice_pdf": ("account.invoice", "account.invoice"),
    "packing_slip": ("stock.shipment.out", "stock.shipment.out.delivery_note"),
}


class TrytonErp:
    """The ten calls. References can be searched but are not unique."""

    def __init__(self, settings: TrytonSettings) -> None:
        self._http = TrytonHttp(settings)
        codes = Codes(settings)
        self._masters = Masters(self._http, settings, codes)
        self._sales = Sales(self._http, self._masters, codes, amendments=settings.amendments)
        self._prices = Prices(self._http, self._masters, codes)
        catalogue = Catalogue(self._http, self._masters, codes, settings)
        facts = Facts(self._http, self._masters, codes, settings.key_prefix)
        self._feeds = Feeds(self._http, self._masters, self._sales, catalogue, self._prices, facts, settings.key_prefix)
        self._settle = dt.timedelta(seconds=settings.settle_seconds)
        self._overlap = dt.timedelta(seconds=settings.feed_overlap_seconds)

    def capabilities(self) -> Capabilities:
        """Feeds have cursors; prices are per customer; one order a call, a batch would share its fate."""
        return Capabilities(
            order_key="searchable",
            feed="cursor",
            price="per_customer",
            max_order_lines=MOST_LINES,
            page_size=PAGE_SIZE,
            writes_per_minute=120,
            settle=self._settle,
            feed_overlap=self._overlap,
            warehouse_of="order",
        )

    def health(self) -> Health:
        """Series, round trip and clock (known to the second); the key is tried too, so AuthFailed shows here."""
        before = dt.datetime.now(dt.UTC)
        clock = self._http.clock()
        middle = before + dt.timedelta(seconds=clock.took / 2)
        skew = (clock.at + dt.timedelta(seconds=0.5) - middle).total_seconds()
        self._http.search("company.company", [], ("party.name",), limit=1)
        return Health(ok=True, version=clock.series, latency_ms=clock.took * 1000, clock_skew_s=skew)

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """ALL sales with the reference, cancelled ones too."""
        return self._sales.find(order_key)

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Create, quote, confirm or process: at most one of them. Without `known` the key is looked up first."""
        found = known or the_one(self._sales.find(draft.order_key))
        if found is None:
            if draft.kind == "credit_request":
                check_credit(self._http, self._masters, draft)
            return self._sales.make(draft)
        if found.content_hash != draft.content_hash:
            message = f"Tryton sale {found.number} has the key {draft.order_key} with other content"
            raise Conflict("erp.content_differs", message)
        if known is None or found.stage in SETTLED_STAGES:
            return found
        return self._sales.move_on(found)

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """The state after asking; granted until something is picked, without amendments until it is in process."""
        found = the_one(self._sales.find(order_key))
        if found is None:
            raise Rejected("erp.order_unknown", f"Tryton has no sale with the reference {order_key}")
        return self._sales.cancel(found)

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """The sale with the draft's lines, by an amendment once it is in process. Raises Rejected for what has left."""
        found = the_one(self._sales.find(draft.order_key))
        if found is None:
            raise Rejected("erp.order_unknown", f"Tryton has no sale with the reference {draft.order_key}")
        return found if is_made(found, draft, replaces) else self._sales.change(found, draft)

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """The next page; after a pause it begins `feed_overlap` earlier, so the same version may come again."""
        return self._feeds.page(kind, cursor, limit, self._overlap)

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """Page by page; `scope` may name `sku` (several with commas), `warehouse` (stock) or `account` (price,
        customer).
        """
        return self._feeds.snapshot(kind, scope, PAGE_SIZE)

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """The lines with the price that Tryton works out for the customer, per the line's unit."""
        return self._prices.quote(customer, lines, on)

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """The print of an invoice or shipment by its number. Raises Misconfigured where Tryton prints no PDF."""
        model, report = PRINTS[kind]
        found = self._http.search(model, [["number", "=", erp_id]], ("number",), context=self._masters.context)
        if not found:
            raise Rejected("erp.document_unknown", f"Tryton has no {model} with the number {erp_id}")
        mime, content = self._http.report(report, found[0]["id"], self._masters.context)
        if mime != "application/pdf":
            printed = mimetypes.guess_extension(mime) or mime
            message = (
                f"Tryton printed {printed}, not PDF: set the report {report} to PDF, which needs LibreOffice there"
            )
            raise Misconfigured("erp.document_not_pdf", message)
        return ErpDocument(mime=mime, content=content)
