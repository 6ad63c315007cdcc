"""The adapter of an ERP that implements docs/erp-rest.openapi.yaml. Portal codes throughout: the ERP's side maps."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

from distportal.canonical.base import plain
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
    the_one,
)
from distportal.systems.erp.rest import wire
from distportal.systems.erp.rest.http import RestHttp
from distportal.systems.erp.rest.settings import RestSettings
from distportal.systems.errors import Conflict, Misconfigured, Rejected
from distportal.systems.outcomes import silence


class RestErp:
    """The ten calls over the contract. An order is PUT under its key until its stage is settled."""

    def __init__(self, settings: RestSettings) -> None:
        self._settings = settings
        self._http = RestHttp(settings)

    def capabilities(self) -> Capabilities:
        """As the connection's settings say; makes no call."""
        s = self._settings
        return Capabilities(
            order_key=s.order_key,
            feed="cursor",
            price="per_customer" if s.prices else "none",
            max_order_lines=s.max_order_lines,
            page_size=s.page_size,
            writes_per_minute=s.writes_per_minute,
            settle=dt.timedelta(seconds=s.settle_seconds),
            feed_overlap=dt.timedelta(seconds=s.feed_overlap_seconds),
            feeds=frozenset(s.feeds),
            credit_requests=s.credit_requests,
        )

    def health(self) -> Health:
        """Version, round trip and the difference of the clocks, taken at the middle of the round trip."""
        began, sent_at = time.monotonic(), dt.datetime.now(dt.UTC)
        data = self._http.get("/health")
        took = time.monotonic() - began
        middle = sent_at + dt.timedelta(seconds=took / 2)
        try:
            skew = (dt.datetime.fromisoformat(data["time"]) - middle).total_seconds()
            return Health(ok=True, version=str(data["version"]), latency_ms=took * 1000, clock_skew_s=skew)
        except wire.BROKEN as error:
            raise wire.broken("/health", error) from error

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """ALL orders with the key, cancelled ones too."""
        data = self._http.get("/orders", order_key=order_key)
        try:
            found = [wire.state(order) for order in data["orders"]]
        except wire.BROKEN as error:
            raise wire.broken("/orders", error) from error
        if strange := [state.order_key for state in found if state.order_key != order_key]:
            raise wire.broken("/orders", ValueError(f"asked for {order_key}, got {strange[0]}"))
        return found

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """One PUT, or none where the order is settled or was there already."""
        self._sendable(draft)
        found = known or the_one(self.find_order(draft.order_key))
        if found is not None and found.content_hash != draft.content_hash:
            message = f"ERP order {found.number} has the key {draft.order_key} with other content"
            raise Conflict("erp.content_differs", message)
        if found is not None and (known is None or found.stage in SETTLED_STAGES):
            return found
        return self._written("PUT", draft.order_key, "", wire.draft_json(draft))

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """The state after asking; it says `cancelled` only when the ERP granted it."""
        found = self._present(order_key)
        if found.stage == "cancelled":
            return found
        return self._written("POST", order_key, "/cancel", {"reason": reason})

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """The order with the draft's content; asked twice it is changed once, by the hash it holds."""
        self._sendable(draft)
        found = self._present(draft.order_key)
        if found.content_hash == draft.content_hash:
            return found
        body = {**wire.draft_json(draft), "replaces": replaces}
        return self._written("POST", draft.order_key, "/change", body)

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """The next page. The ERP's side goes back by the overlap it needs: the same version may come again."""
        wire.known_feed(kind, self._settings.feeds)
        data = self._http.get(f"/changes/{kind}", cursor=cursor or "", limit=limit)
        try:
            found = tuple(wire.change(kind, change) for change in data["changes"])
            return Page(changes=found, next_cursor=str(data["next_cursor"]), more=bool(data["more"]))
        except wire.BROKEN as error:
            raise wire.broken(f"/changes/{kind}", error) from error

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """Page by page; `scope` may name `sku` (several with commas), `warehouse` (stock) or `account` (price,
        customer).
        """
        wire.known_feed(kind, self._settings.feeds)
        wanted = {name: scope[name] for name in ("sku", "warehouse", "account") if scope.get(name)}
        after = ""
        while True:
            data = self._http.get(f"/snapshots/{kind}", after=after, limit=self._settings.page_size, **wanted)
            try:
                page, after = [wire.change(kind, change) for change in data["changes"]], str(data["next"])
            except wire.BROKEN as error:
                raise wire.broken(f"/snapshots/{kind}", error) from error
            yield page
            if not after:
                return

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """The lines with the ERP's price per the line's unit."""
        if not self._settings.prices:
            raise Misconfigured("erp.not_offered", "this ERP connection quotes no prices")
        asked = [
            {"line_key": i.line_key, "sku": i.sku, "quantity": plain(i.quantity), "unit": i.unit,
             "warehouse": i.warehouse}
            for i in lines
        ]  # fmt: skip
        data = self._http.ask("/prices/quote", {"customer": customer, "on": on.isoformat(), "lines": asked})
        try:
            quoted = {line["line_key"]: Decimal(str(line["unit_price"])) for line in data["lines"]}
            return [replace(line, unit_price=quoted[line.line_key]) for line in lines]
        except wire.BROKEN as error:
            raise wire.broken("/prices/quote", error) from error

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """A print by the number of its invoice or delivery."""
        if not self._settings.documents:
            raise Misconfigured("erp.not_offered", "this ERP connection has no prints")
        mime, content = self._http.file(f"/documents/{kind}/{quote(erp_id, safe='')}")
        return ErpDocument(mime=mime, content=content)

    def _sendable(self, draft: OrderDraft) -> None:
        if draft.kind != "order" and not self._settings.credit_requests:
            raise Misconfigured("erp.not_offered", "this ERP connection takes no credit requests")
        for line in draft.lines:
            if line.unit_price is None:
                raise Rejected("erp.price_missing", f"line {line.line_key} has no agreed price to send")

    def _present(self, order_key: str) -> OrderState:
        found = the_one(self.find_order(order_key))
        if found is None:
            raise Rejected("erp.order_unknown", f"the ERP has no order with the key {order_key}")
        return found

    def _written(self, method: str, order_key: str, action: str, body: dict[str, Any]) -> OrderState:
        data = self._http.write(method, f"/orders/{quote(order_key, safe='')}{action}", body)
        try:
            state = wire.state(data)
            if state.order_key != order_key:
                raise ValueError(f"it is the order {state.order_key}")
            return state
        except wire.BROKEN as error:
            raise silence("write", f"an answer that is not as agreed: {error!r}") from error
