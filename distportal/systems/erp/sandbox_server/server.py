"""The HTTP face: token, faults, ledger."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from distportal.systems.erp.sandbox_server.api import Api, Reply
from distportal.systems.erp.sandbox_server.faults import Fault
from distportal.systems.erp.sandbox_server.staff import CSS, page


class Server(ThreadingHTTPServer):
    """One thread a request; the database lock makes them one at a time where it matters."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], api: Api, token: str) -> None:
        super().__init__(address, Handler)
        self.api, self.token = api, token


class Handler(BaseHTTPRequestHandler):
    """Reads a request, spoils it if the plan says so, and writes the reply and the ledger."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:  # noqa: N802  the base class names it
        """Any GET."""
        self._serve()

    def do_POST(self) -> None:  # noqa: N802
        """Any POST."""
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the ledger has it all."""

    def _serve(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path.startswith("/staff"):
            self._staff(url.path)
            return
        if not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.server.token}"):
            self._reply(Reply(401, {"code": "UNAUTHORISED", "detail": "the token is wrong"}))
            return
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            self._reply(Reply(400, {"code": "BAD_JSON", "detail": "the body is not JSON"}))
            return
        if url.path.startswith("/control/"):
            self._reply(self.server.api.handle(self.command, url.path, query, body))
            return
        self._erp(url.path, query, body)

    def _erp(self, path: str, query: dict[str, str], body: dict[str, Any]) -> None:
        api = self.server.api
        reference = body.get("reference") or query.get("reference", "")
        if not reference and path.startswith("/orders/"):
            order = api.db.one("SELECT reference FROM sales_order WHERE vbeln = ?", path.split("/")[2])
            reference = order["reference"] if order else ""
        fault = api.faults.take(self.command, path, reference)
        if fault and fault.seconds:
            time.sleep(fault.seconds)
        if fault and fault.kind in ("status_before", "drop_before"):
            self._note(path, reference, fault.status if fault.kind == "status_before" else 0, fault)
            self._refuse(fault)
            return
        reply = api.handle(self.command, path, query, body)
        self._note(path, reference, reply.status, fault)
        if fault is None or fault.kind in ("latency", "hang_then_commit"):
            self._reply(reply)
        elif fault.kind == "commit_then_500":
            self._reply(Reply(500, {"code": "INTERNAL", "detail": "something went wrong"}))
        elif fault.kind == "truncated":
            self._reply(reply, cut=True)
        else:
            self._drop()

    def _refuse(self, fault: Fault) -> None:
        if fault.kind == "drop_before":
            self._drop()
            return
        headers = {"Retry-After": str(fault.retry_after)} if fault.status in (429, 503) else {}
        self._reply(Reply(fault.status, {"code": "BUSY", "detail": "not now"}), headers=headers)

    def _note(self, path: str, reference: str, status: int, fault: Fault | None) -> None:
        api = self.server.api
        with api.db.transaction():
            api.db.insert(
                "ledger",
                {"at": api.db.now().isoformat(), "method": self.command, "path": path, "reference": reference,
                 "status": status, "fault": fault.kind if fault else ""},
            )  # fmt: skip

    def _reply(self, reply: Reply, *, cut: bool = False, headers: dict[str, str] | None = None) -> None:
        data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        try:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.mime)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if cut else data)
            if cut:
                self._drop()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the caller went away: what was done stays done

    def _drop(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _staff(self, path: str) -> None:
        if path == "/staff.css":
            self._reply(Reply(200, CSS.encode(), "text/css"))
            return
        word = base64.b64encode(f"staff:{self.server.token}".encode()).decode()
        if not hmac.compare_digest(self.headers.get("Authorization", ""), f"Basic {word}"):
            self._reply(Reply(401, b"sign in", "text/plain"), headers={"WWW-Authenticate": 'Basic realm="Sandbox ERP"'})
            return
        if self.command == "POST":
            _, _, action, number = path.split("/")
            self.server.api.handle("POST", f"/control/{action}/{number}", {}, {})
            self._reply(Reply(303, b"", "text/plain"), headers={"Location": "/staff"})
            return
        self._reply(Reply(200, page(self.server.api).encode(), "text/html; charset=utf-8"))
