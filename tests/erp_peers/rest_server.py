"""A reference server of the REST contract: a small service that a customer would put in front of its ERP.

Behind it is the sandbox ERP. It keeps one lock for each key, so that a PUT makes no second order, and judges every
request and every reply of its own by the published contract.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import threading
from collections import defaultdict
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from distportal.canonical.base import from_json, to_json
from distportal.systems.erp.port import DraftLine, FeedKind, OrderDraft, SnapshotKind, the_one
from distportal.systems.erp.sandbox_rest import SandboxErp
from distportal.systems.errors import Conflict, Misconfigured, OutOfStep, Rejected, SystemCallError, Transient
from tests.erp_peers.rest_contract import ContractError, check_reply, check_request

SECRET = "secret-of-the-reference-server"
STATUS: tuple[tuple[type[SystemCallError], int], ...] = (
    (Conflict, 409), (Rejected, 422), (Misconfigured, 422), (OutOfStep, 410), (Transient, 503),
)  # fmt: skip


class Bridge:
    """The operations of the contract on top of an ERP."""

    def __init__(self, erp: SandboxErp) -> None:
        self._erp = erp
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any] | bytes:
        """JSON, or the bytes of a file. Raises the port's errors."""
        match [method, *path.strip("/").split("/")[1:]]:
            case ["GET", "health"]:
                health = self._erp.health()
                now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=health.clock_skew_s)
                return {"version": health.version, "time": now.isoformat()}
            case ["GET", "orders"]:
                return {"orders": to_json(list(self._erp.find_order(query["order_key"])))}
            case ["PUT", "orders", key]:
                return self._put(unquote(key), body)
            case ["POST", "orders", key, "cancel"]:
                return dict(to_json(self._erp.request_cancel(unquote(key), body["reason"])))
            case ["POST", "orders", key, "change"]:
                draft = from_json(OrderDraft, {**body, "order_key": unquote(key)})
                return dict(to_json(self._erp.request_change(draft, body["replaces"])))
            case ["GET", "changes", kind]:
                cursor, limit = query.get("cursor") or None, int(query["limit"])
                page = self._erp.changes(cast(FeedKind, kind), cursor, limit)
                return {**to_json(page), "changes": [_change(c) for c in page.changes]}
            case ["GET", "snapshots", kind]:
                return self._snapshot(cast(SnapshotKind, kind), query)
            case ["POST", "prices", "quote"]:
                lines = [from_json(DraftLine, line) for line in body["lines"]]
                quoted = self._erp.quote_price(body["customer"], lines, dt.date.fromisoformat(body["on"]))
                return {"lines": [{"line_key": i.line_key, "unit_price": to_json(i.unit_price)} for i in quoted]}
            case ["GET", "documents", ("invoice_pdf" | "packing_slip") as kind, number]:
                return self._erp.document(kind, unquote(number)).content
        raise Rejected("erp.not_found", f"there is no {method} {path}")

    def _put(self, key: str, body: dict[str, Any]) -> dict[str, Any]:
        draft = from_json(OrderDraft, {**body, "order_key": key})
        with self._locks[key]:
            return dict(to_json(self._erp.advance_order(draft, the_one(self._erp.find_order(key)))))

    def _snapshot(self, kind: SnapshotKind, query: dict[str, str]) -> dict[str, Any]:
        number = int(query.get("after") or 0)
        scope = {name: query[name] for name in ("sku", "warehouse", "account") if name in query}
        pages = list(itertools.islice(self._erp.snapshot(kind, scope), number, number + 2))
        return {"changes": [_change(c) for c in pages[0]], "next": str(number + 1) if len(pages) > 1 else ""}


def _change(change: Any) -> dict[str, Any]:
    return {**to_json(change), "payload": dict(change.payload)}


class Handler(BaseHTTPRequestHandler):
    """HTTP around the bridge."""

    protocol_version = "HTTP/1.1"
    bridge: Bridge

    def do_GET(self) -> None:
        self._serve("GET")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def _serve(self, method: str) -> None:
        parts = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self._judged(method, parts.path, parts.query, sent)
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        kind = "application/json" if status < 400 else "application/problem+json"
        self.send_response(status)
        self.send_header("Content-Type", "application/pdf" if isinstance(answer, bytes) else kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _judged(self, method: str, path: str, query: str, sent: bytes) -> tuple[int, dict[str, Any] | bytes]:
        if self.headers.get("Authorization") != f"Bearer {SECRET}":
            return 401, {"code": "auth", "detail": "who are you?"}
        try:
            body = json.loads(sent, parse_float=Decimal) if sent else {}
            check_request(method, path, body)
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            answer = self.bridge.answer(method, path, asked, body)
            check_reply(method, path, 200, answer)
        except SystemCallError as error:
            status = next((status for cls, status in STATUS if isinstance(error, cls)), 504)
            return status, {"code": error.code.removeprefix("erp."), "detail": error.message, "status": status}
        except (ContractError, ValueError) as error:
            return 400, {"code": "against_the_contract", "detail": str(error)}
        return 200, answer


class Listener(ThreadingHTTPServer):
    """Many at once."""

    daemon_threads = True
    request_queue_size = 64


def main() -> None:
    """Answers until it is told to stop."""
    parser = argparse.ArgumentParser()
    for name in ("--port", "--erp-url", "--erp-token"):
        parser.add_argument(name, required=True)
    args = parser.parse_args()
    Handler.bridge = Bridge(SandboxErp(url=args.erp_url, token=args.erp_token, settle_seconds=1))
    Listener(("127.0.0.1", int(args.port)), Handler).serve_forever(0.05)


if __name__ == "__main__":
    main()
