"""A loopback proxy that misbehaves on request: it loses replies, holds requests back, answers for the ERP."""

from __future__ import annotations

import contextlib
import http.client
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Kind = Literal["drop_reply", "hold_back", "answer", "answer_after", "cut_reply"]


@dataclass
class Fault:
    """What happens to the next request that matches.

    drop_reply: forwarded, the reply is lost. hold_back: forwarded after `seconds`, the client has given up by then.
    answer: not forwarded, `status` comes back. answer_after: forwarded, `status` comes back instead of the reply.
    cut_reply: forwarded, half of the reply's body comes back.
    """

    kind: Kind
    method: str
    path: str
    status: int = 503
    seconds: float = 0.0


@dataclass(frozen=True)
class Reply:
    """One answer of the server, or one made up."""

    status: int
    headers: dict[str, str]
    content: bytes


class FaultProxy:
    """In front of one server; without a fault it changes nothing."""

    def __init__(self, target: str) -> None:
        self._target = urllib.parse.urlsplit(target)
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server = _Listener(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def next(self, fault: Fault) -> None:
        """This happens to the next request that matches, once."""
        with self._lock:
            self._faults.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of this request; it is used up."""
        with self._lock:
            for fault in self._faults:
                if fault.method == method and re.search(fault.path, path.partition("?")[0]):
                    self._faults.remove(fault)
                    return fault
        return None

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """What the server says. Raises OSError or HTTPException where it is not there or dies."""
        link = http.client.HTTPConnection(self._target.hostname or "", self._target.port, timeout=60)
        link.request(method, path, body, headers)
        reply = link.getresponse()
        content = reply.read()
        link.close()
        return Reply(reply.status, dict(reply.getheaders()), content)

    def well(self) -> None:
        """No faults any more."""
        with self._lock:
            self._faults.clear()

    def stop(self) -> None:
        """Connections are refused from now on."""
        self._server.shutdown()
        self._server.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    proxy: FaultProxy


class _Handler(BaseHTTPRequestHandler):
    server: _Listener

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        self.close_connection = True
        if self.raw_requestline and self.parse_request():
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            # Where the ERP died or the client gave up, whoever is left sees a closed connection.
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._handle(self.server.proxy.take(self.command, self.path), body)
            self.close_connection = True

    def _handle(self, fault: Fault | None, body: bytes) -> None:
        kind = fault.kind if fault else ""
        if fault and kind == "answer":
            self._reply(Reply(fault.status, {"Retry-After": "3"}, b"{}"))
            return
        if fault and kind == "hold_back":
            time.sleep(fault.seconds)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        reply = self.server.proxy.forward(self.command, self.path, headers, body)
        if fault and kind == "answer_after":
            self._reply(Reply(fault.status, {}, b"{}"))
        elif kind != "drop_reply":
            self._reply(reply, cut=kind == "cut_reply")

    def _reply(self, reply: Reply, *, cut: bool = False) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content[: len(reply.content) // 2] if cut else reply.content)
