"""HTTP: reads a request, applies the fault plan around the work, writes the reply and the ledger."""

from __future__ import annotations

import hmac
import json
import socket
import sqlite3
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import ledger, staff
from .api import dispatch
from .errors import Invalid, Problem
from .exchange import Reply, Request, Server
from .faults import Fault

MAX_BODY = 4 * 1024 * 1024
BEFORE_WORK = {"rate_limited": 429, "error_500": 500, "error_503": 503}


class ErpServer(ThreadingHTTPServer):
    """One thread per connection; the shared state hangs on it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], shared: Server) -> None:
        super().__init__(address, ErpHandler)
        self.shared = shared


class ErpHandler(BaseHTTPRequestHandler):
    """Answers one connection, request by request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 75
    server: ErpServer

    def do_GET(self) -> None:
        """Reads and pages."""
        self._handle()

    def do_POST(self) -> None:
        """Writes and buttons."""
        self._handle()

    def do_PUT(self) -> None:
        """Instructions under a key of the caller's."""
        self._handle()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the ledger is the log."""

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        if parts.path == "/" or parts.path.startswith("/staff"):
            self._send(staff.answer(self.server.shared, self.command, parts.path, raw, self.headers.get("Cookie", "")))
            return
        if not self._known():
            self._send(Reply(401, Problem(401, "unauthorized", "a valid bearer token is needed").document()))
            return
        self._with_faults(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), raw)

    def _with_faults(self, path: str, query: dict[str, str], raw: bytes) -> None:
        shared = self.server.shared
        started = shared.store.now()
        try:
            body = _json(raw)
        except Invalid as problem:
            self._send(Reply(problem.status, problem.document()))
            return
        if path.startswith("/control/"):
            self._send(_work(Request(self.command, path, query, body, started, shared)))
            return
        key = _order_key(shared, path, query, body)
        fault = shared.faults.take(self.command, path, key)
        reply = self._before(fault) or _work(Request(self.command, path, query, body, started, shared))
        sent = self._after(fault, reply)
        ledger.note(shared.store, method=self.command, path=self.path, order_key=key, status=sent,
                    fault=fault.kind if fault else "")  # fmt: skip

    def _before(self, fault: Fault | None) -> Reply | None:
        """The reply of a fault that lets no work happen."""
        if fault is None:
            return None
        if fault.kind in ("latency", "hang_then_commit"):
            self.server.shared.faults.hold(fault.seconds)
        if fault.kind == "downtime":
            return Reply(0, {})
        if status := BEFORE_WORK.get(fault.kind):
            return Reply(status, Problem(status, fault.kind, "fault plan", retry_after=fault.seconds).document())
        return None

    def _after(self, fault: Fault | None, reply: Reply) -> int:
        """Send what the fault leaves of the reply; the status that left, 0 for none."""
        kind = fault.kind if fault else ""
        if kind in ("commit_then_drop", "downtime"):
            self._cut()
            return 0
        if kind == "commit_then_500":
            reply = Reply(500, Problem(500, kind, "fault plan").document())
        if kind == "reset_mid_body":
            head, body = self._compose(reply)
            self._write(head + body[: len(body) // 2])
            self._cut()
            return 0
        if kind == "truncated_json":
            reply = Reply(reply.status, _encode(reply)[: len(_encode(reply)) // 2])
        self._send(reply, retry_after=fault.seconds if fault and kind == "rate_limited" else None)
        return reply.status

    def _send(self, reply: Reply, retry_after: float | None = None) -> None:
        head, body = self._compose(reply, retry_after)
        self._write(head + body)

    def _compose(self, reply: Reply, retry_after: float | None = None) -> tuple[bytes, bytes]:
        body = _encode(reply)
        mime = "application/problem+json" if reply.status >= 400 and reply.mime == "application/json" else reply.mime
        head = [f"HTTP/1.1 {reply.status} -", f"Content-Type: {mime}", f"Content-Length: {len(body)}"]
        if retry_after is not None:
            head.append(f"Retry-After: {retry_after:g}")
        head += [f"{name}: {value}" for name, value in reply.headers]
        return ("\r\n".join(head) + "\r\n\r\n").encode(), body

    def _write(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
        except OSError:  # the client has gone: that is what some faults are for
            self.close_connection = True

    def _cut(self) -> None:
        """Reset the connection instead of closing it politely."""
        self.close_connection = True
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.shutdown(socket.SHUT_RD)
        except OSError:
            return

    def _known(self) -> bool:
        given = self.headers.get("Authorization", "").encode("latin-1")
        return hmac.compare_digest(given, f"Bearer {self.server.shared.token}".encode())


def _work(request: Request) -> Reply:
    try:
        return dispatch(request)
    except Problem as problem:
        return Reply(problem.status, problem.document())
    except (KeyError, TypeError, ValueError) as error:
        return Reply(422, Invalid("order_invalid", f"the request cannot be read: {error}").document())
    except sqlite3.Error as error:
        return Reply(503, Problem(503, "database", str(error)).document())


def _order_key(shared: Server, path: str, query: dict[str, str], body: dict[str, object]) -> str:
    if key := str(body.get("reference") or query.get("reference") or ""):
        return key
    if path.startswith(("/wms/", "/crm/v1/activities/")):
        return path.removesuffix("/cancel").rpartition("/")[2]
    if path.startswith("/orders/"):
        with shared.store.read() as tx:
            number = path.split("/")[2]
            row = tx.row("SELECT reference FROM orders WHERE id = ? OR number = ?", number, number)
            return str(row["reference"]) if row else ""
    return ""


def _json(raw: bytes) -> dict[str, object]:
    try:
        data = json.loads(raw or b"{}")
    except ValueError:
        raise Invalid("order_invalid", "the body is not JSON") from None
    if not isinstance(data, dict):
        raise Invalid("order_invalid", "the body is a JSON object")
    return data


def _encode(reply: Reply) -> bytes:
    return reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
