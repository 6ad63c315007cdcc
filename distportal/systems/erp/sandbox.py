"""The adapter that speaks to the sandbox ERP over HTTP and translates its codes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import httpx

from distportal.systems.erp import sandbox_words as words
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
)
from distportal.systems.errors import AuthFailed, Conflict, Misconfigured, OutOfStep, Rejected, Transient, UnknownOutcome

_CONNECT_SECONDS = 1.0


class SandboxErp:
    """The nine calls. A 5xx, reset or timeout on a write is UnknownOutcome, on a read Transient (reference: the port)."""

    def __init__(
        self, *, url: str, token: str, read_timeout: float = 2.0, write_timeout: float = 10.0, settle_seconds: float = 90.0
    ) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})
        self._read_timeout = httpx.Timeout(read_timeout, connect=_CONNECT_SECONDS)
        self._write_timeout = httpx.Timeout(write_timeout, connect=_CONNECT_SECONDS)
        self._settle = dt.timedelta(seconds=settle_seconds)
        self._materials: dict[str, str] = {}

    def capabilities(self) -> Capabilities:
        """Looked up by reference, not unique; cursor feeds; prices per customer."""
        return Capabilities(
            order_key="searchable",
            feed="cursor",
            price="per_customer",
            max_order_lines=500,
            page_size=500,
            writes_per_minute=600,
            settle=self._settle,
            feed_overlap=dt.timedelta(0),
        )

    def health(self) -> Health:
        """Whether it answers, and how far its clock is off."""
        started = time.monotonic()
        data = self._read("/health")
        latency = time.monotonic() - started
        skew = (dt.datetime.fromisoformat(data["now"]) - dt.datetime.now(dt.UTC)).total_seconds()
        return Health(ok=True, version=data["version"], latency_ms=latency * 1000, clock_skew_s=skew)

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """All orders that carry the key."""
        return [words.order_state(row) for row in self._read("/orders", reference=order_key)["orders"]]

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Create the draft, or confirm it."""
        if known is None:
            return words.order_state(self._write("/orders", self._body(draft)))
        if known.content_hash and known.content_hash != draft.content_hash:
            raise Conflict("erp.content_differs", f"{known.number} holds other content under {draft.order_key}")
        if known.stage == "draft":
            return words.order_state(self._write(f"/orders/{known.erp_id}/confirm", {}))
        return words.order_state(self._read(f"/orders/{known.erp_id}"))

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """Cancel the one live order with the key. Raises Rejected where there is none, or the ERP refuses."""
        live = [s for s in self.find_order(order_key) if s.stage not in ("cancelled", "rejected")]
        if not live:
            raise Rejected("erp.order_unknown", f"no live order carries {order_key}")
        return words.order_state(self._write(f"/orders/{live[0].erp_id}/cancel", {"reason": reason}))

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """The next page of a feed in the port's own shapes."""
        data = self._read(f"/feed/{kind}", after=cursor or "", limit=str(limit))
        return Page(
            changes=tuple(words.change(kind, row) for row in data["changes"]), next_cursor=data["cursor"], more=data["more"]
        )

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """Pages of 500 until the kind is told in full."""
        offset = 0
        while True:
            data = self._read(f"/snapshot/{kind}", offset=str(offset), limit="500")
            yield [words.change(kind, row) for row in data["changes"]]
            offset += len(data["changes"])
            if not data["more"]:
                return

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """The same lines with the ERP's price per unit."""
        materials = self._material_numbers(lines)
        body = {
            "customer": customer,
            "on": on.isoformat(),
            "lines": [
                {
                    "line_key": line.line_key,
                    "matnr": materials[line.sku],
                    "qty": str(line.quantity),
                    "unit": words.erp_unit(line.unit),
                }
                for line in lines
            ],
        }
        prices = {row["line_key"]: Decimal(row["price"]) for row in self._send("POST", "/prices/quote", body, write=False)["lines"]}
        return [
            DraftLine(
                line_key=line.line_key,
                sku=line.sku,
                quantity=line.quantity,
                unit=line.unit,
                unit_price=prices[line.line_key],
                warehouse=line.warehouse,
            )
            for line in lines
        ]

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """The invoice's PDF. Raises Misconfigured for papers this ERP does not make."""
        if kind != "invoice_pdf":
            raise Misconfigured("erp.no_such_document", f"this ERP makes no {kind}")
        response = self._call("GET", f"/documents/{kind}/{erp_id}", None, {}, write=False)
        return ErpDocument(mime=response.headers["content-type"], content=response.content)

    def _body(self, draft: OrderDraft) -> dict[str, Any]:
        return words.order_body(draft, self._material_numbers(draft.lines))

    def _material_numbers(self, lines: Sequence[DraftLine]) -> dict[str, str]:
        missing = sorted({line.sku for line in lines} - self._materials.keys())
        if missing:
            rows = self._read("/items", catalogue_no=",".join(missing))["items"]
            self._materials.update({row["catalogue_no"]: row["matnr"] for row in rows})
        unknown = [sku for sku in missing if sku not in self._materials]
        if unknown:
            raise Rejected("erp.item_unknown", f"the ERP does not know {', '.join(unknown)}")
        return self._materials

    def _read(self, path: str, **query: str) -> Any:
        return self._send("GET", path, None, write=False, query=query)

    def _write(self, path: str, body: dict[str, Any]) -> Any:
        return self._send("POST", path, body, write=True)

    def _send(self, method: str, path: str, body: Any, *, write: bool, query: dict[str, str] | None = None) -> Any:
        response = self._call(method, path, body, query or {}, write=write)
        try:
            return response.json()
        except ValueError as error:
            raise self._lost(write, "erp.reply_unreadable", str(error)) from error

    def _call(self, method: str, path: str, body: Any, query: dict[str, str], *, write: bool) -> httpx.Response:
        timeout = self._write_timeout if write else self._read_timeout
        try:
            response = self._http.request(method, path, json=body, params=query, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Transient("erp.unreachable", str(error)) from error
        except httpx.TransportError as error:
            raise self._lost(write, "erp.no_reply", str(error)) from error
        if response.is_success:
            return response
        raise self._refusal(response, write=write)

    @staticmethod
    def _lost(write: bool, code: str, text: str) -> Transient | UnknownOutcome:
        return UnknownOutcome(code, text) if write else Transient(code, text)

    def _refusal(self, response: httpx.Response, *, write: bool) -> Exception:
        try:
            problem = response.json()
        except ValueError:
            problem = {}
        code, detail = f"erp.{str(problem.get('code', response.status_code)).lower()}", str(problem.get("detail", ""))
        after = response.headers.get("Retry-After", "")
        if response.status_code in (429, 423):
            return Transient(code, detail, retry_after=float(after) if after.isdigit() else None)
        if response.status_code >= 500:
            return self._lost(write, code, detail)
        known = {401: AuthFailed, 403: AuthFailed, 409: Conflict, 410: OutOfStep}
        return known.get(response.status_code, Rejected)(code, detail)
