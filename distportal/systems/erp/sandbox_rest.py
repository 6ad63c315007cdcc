"""The adapter that speaks the sandbox ERP's REST dialect and translates its codes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Literal

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
from distportal.systems.erp.sandbox_codes import their_plant, their_unit
from distportal.systems.erp.sandbox_http import ErpHttp
from distportal.systems.erp.sandbox_records import SHAPES, order_state
from distportal.systems.errors import Conflict, Rejected, Unmapped

PAGE_SIZE = 500
KEPT_SECONDS = 60.0
"""So long a customer's number and places are not asked for again; a place that is not among them is looked for at once.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """`settle_seconds` is the longest the ERP may still work on a lost request."""

    url: str
    token: str = field(repr=False, metadata={"secret": True})
    read_timeout: float = 2.0
    write_timeout: float = 10.0
    settle_seconds: float = 90.0
    feed_overlap_seconds: float = 120.0


def connect(settings: SandboxSettings) -> SandboxErp:
    """The adapter of a stored connection."""
    return SandboxErp(**{field.name: getattr(settings, field.name) for field in fields(settings)})


class SandboxErp:
    """The ten calls. `settle_seconds` is the longest the ERP may still work on a lost request."""

    def __init__(
        self,
        *,
        url: str,
        token: str,
        read_timeout: float = 2.0,
        write_timeout: float = 10.0,
        settle_seconds: float = 90.0,
        feed_overlap_seconds: float = 120.0,
    ) -> None:
        self._http = ErpHttp(url, token, read_timeout=read_timeout, write_timeout=write_timeout)
        self._settle = dt.timedelta(seconds=settle_seconds)
        self._overlap = dt.timedelta(seconds=feed_overlap_seconds)
        self._materials: dict[str, str] = {}
        self._customers: dict[str, tuple[float, dict[str, Any]]] = {}

    def capabilities(self) -> Capabilities:
        """References can be searched but are not unique; feeds have cursors; prices are per customer."""
        return Capabilities(
            order_key="searchable",
            feed="cursor",
            price="per_customer",
            max_order_lines=500,
            page_size=PAGE_SIZE,
            writes_per_minute=600,
            settle=self._settle,
            feed_overlap=self._overlap,
        )

    def health(self) -> Health:
        """Version, round trip and the difference of the clocks, taken at the middle of the round trip."""
        began, sent_at = time.monotonic(), dt.datetime.now(dt.UTC)
        data = self._http.get("/health")
        took = time.monotonic() - began
        middle = sent_at + dt.timedelta(seconds=took / 2)
        skew = (dt.datetime.fromisoformat(data["time"]) - middle).total_seconds()
        return Health(ok=True, version=data["version"], latency_ms=took * 1000, clock_skew_s=skew)

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """ALL orders with the key, cancelled ones too."""
        return [order_state(data) for data in self._http.get("/orders", reference=order_key)["orders"]]

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Create, confirm or process: at most one of them. Without `known` the key is looked up first."""
        found = known or the_one(self.find_order(draft.order_key))
        if found is None:
            return order_state(self._http.write("/orders", self._body(draft)))
        if found.content_hash != draft.content_hash:
            message = f"ERP order {found.number} has the key {draft.order_key} with other content"
            raise Conflict("erp.content_differs", message)
        if known is None or found.stage in SETTLED_STAGES:
            return found
        return self._step(found.erp_id, "process" if found.raw_state == "CONFIRMED" else "confirm", {})

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """The state after asking; it says `cancelled` only when the ERP granted it."""
        found = the_one(self.find_order(order_key))
        if found is None:
            raise Rejected("erp.order_unknown", f"the ERP has no order with the key {order_key}")
        if found.stage == "cancelled":
            return found
        return self._step(found.erp_id, "cancel", {"reason": reason})

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """The order with the draft's content; asked twice it is changed once, by the hash it holds."""
        found = the_one(self.find_order(draft.order_key))
        if found is None:
            raise Rejected("erp.order_unknown", f"the ERP has no order with the key {draft.order_key}")
        if found.content_hash == draft.content_hash:
            return found
        body = self._body(draft)
        wanted = {name: body[name] for name in ("content_hash", "requested_on", "complete_delivery", "lines")}
        return order_state(self._http.write(f"/orders/{found.erp_id}/change", {**wanted, "replaces": replaces}))

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """The next page. The first page after a pause starts `feed_overlap` earlier: the same version may come again.

        Our cursor is the ERP's with a mark before it: `p` inside a run of pages, `e` at the end of one.
        """
        mark, _, theirs = (cursor or "p:").partition(":")
        overlap = self._overlap.total_seconds() if mark == "e" else 0.0
        data = self._http.get(f"/changes/{kind}", cursor=theirs, overlap=overlap, limit=limit)
        next_mark = "p" if data["more"] else "e"
        found = tuple(_change(change) for change in data["changes"])
        return Page(changes=found, next_cursor=f"{next_mark}:{data['next_cursor']}", more=data["more"])

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """Page by page; `scope` may name `sku` (several with commas), `warehouse` (stock) or `account` (price,
        customer).
        """
        params, after = self._scope(scope), ""
        while True:
            data = self._http.get(f"/snapshots/{kind}", after=after, limit=PAGE_SIZE, **params)
            yield [_change(change) for change in data["changes"]]
            after = data["next"]
            if not after:
                return

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """The lines with the ERP's price per the line's unit."""
        self._learn(lines)
        code = self._customer(customer)["code"]
        body = {"customer": code, "on": on.isoformat(), "lines": [self._line(line) for line in lines]}
        quoted = {line["posex"]: line["price"] for line in self._http.ask("/prices/quote", body)["lines"]}
        return [replace(line, unit_price=Decimal(quoted[line.line_key])) for line in lines]

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """The PDF of an invoice (by invoice number) or a delivery (by delivery number)."""
        mime, content = self._http.get_bytes(f"/documents/{kind}/{erp_id}")
        return ErpDocument(mime=mime, content=content)

    def _step(self, erp_id: str, step: str, body: dict[str, Any]) -> OrderState:
        try:
            return order_state(self._http.write(f"/orders/{erp_id}/{step}", body))
        except Conflict as conflict:
            if conflict.code != "erp.state_conflict":
                raise
        # the step was done before, or is no longer possible: what the ERP holds is the answer
        return order_state(self._http.get(f"/orders/{erp_id}"))

    def _body(self, draft: OrderDraft) -> dict[str, Any]:
        self._learn(draft.lines)
        customer = self._customer(draft.customer)
        return {
            "type": {"credit_request": "CR", "debit_request": "DR"}.get(draft.kind, "OR"),
            "reference": draft.order_key,
            "content_hash": draft.content_hash,
            "customer": customer["code"],
            "ship_to": self._ship_to(customer, draft.ship_to),
            "currency": draft.currency,
            "purchase_order": draft.customer_po,
            "requested_on": draft.requested_on and draft.requested_on.isoformat(),
            "note": draft.note,
            "complete_delivery": draft.ship_complete,
            "invoice": draft.invoice_number,
            "reason": draft.reason,
            "lines": [self._priced(line) for line in draft.lines],
        }

    def _priced(self, line: DraftLine) -> dict[str, Any]:
        if line.unit_price is None:
            raise Rejected("erp.price_missing", f"line {line.line_key} has no agreed price to send")
        requested = line.requested_on and line.requested_on.isoformat()
        priced = {**self._line(line), "price": plain(line.unit_price), "requested_on": requested}
        return {**priced, "with_rest": True} if line.with_rest else priced

    def _line(self, line: DraftLine) -> dict[str, Any]:
        return {
            "posex": line.line_key,
            "matnr": self._materials[line.sku],
            "quantity": plain(line.quantity),
            "unit": their_unit(line.unit),
            "plant": their_plant(line.warehouse),
        }

    def _learn(self, lines: Sequence[DraftLine]) -> None:
        if missing := self._look_for(line.sku for line in lines):
            raise Unmapped("item", missing, f"the ERP has no item for {', '.join(missing)}")

    def _look_for(self, skus: Iterable[str]) -> list[str]:
        """Those of the SKUs that the ERP does not know."""
        unknown = sorted(set(skus) - self._materials.keys())
        for at in range(0, len(unknown), 200):
            data = self._http.get("/items", catalogue_no=",".join(unknown[at : at + 200]))
            self._materials.update({item["catalogue_no"]: item["matnr"] for item in data["items"]})
        return [sku for sku in unknown if sku not in self._materials]

    def _customer(self, account: str, *, anew: bool = False) -> dict[str, Any]:
        kept = self._customers.get(account)
        if kept and not anew and time.monotonic() < kept[0] + KEPT_SECONDS:
            return kept[1]
        found = self._http.get("/customers", portal_code=account)["customers"]
        if len(found) != 1:
            raise Unmapped("customer", [account], f"the ERP has no one customer for account {account}")
        self._customers[account] = time.monotonic(), dict(found[0])
        return dict(found[0])

    def _ship_to(self, customer: Mapping[str, Any], wanted: str) -> str:
        """The ERP's code of the place. Raises Unmapped for one that it does not know now either."""
        code = _place(customer, wanted) or _place(self._customer(customer["portal_code"], anew=True), wanted)
        if not code:
            raise Unmapped("ship_to", [wanted], f"the ERP knows no ship-to {wanted} of {customer['portal_code']}")
        return code

    def _scope(self, scope: Mapping[str, str]) -> dict[str, str]:
        params: dict[str, str] = {}
        if warehouse := scope.get("warehouse"):
            params["plant"] = their_plant(warehouse)
        if account := scope.get("account"):
            params["customer"] = str(self._customer(account)["code"])
        if skus := scope.get("sku"):
            wanted = skus.split(",")
            self._look_for(wanted)
            params["matnr"] = ",".join(self._materials.get(sku, "") for sku in wanted)
        return params


def _change(data: dict[str, Any]) -> Change:
    stamp = dt.datetime.fromisoformat(data["stamp"])
    payload = SHAPES[data["kind"]](data["data"])
    return Change(kind=data["kind"], erp_id=data["key"], version=data["version"], occurred_at=stamp, payload=payload)


def _place(customer: Mapping[str, Any], wanted: str) -> str:
    places = (place for place in customer["ship_tos"] if wanted in (place["portal_code"], place["code"]))
    return next((str(place["code"]) for place in places), "")
