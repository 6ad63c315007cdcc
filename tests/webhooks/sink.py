"""Other people's systems: a real HTTP server that keeps what it got and answers as the test says."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.answering import QuietHandler


@dataclass
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Sink:
    """Answers 200, or what `say` holds for the path: a status, and headers and body where wanted."""

    got: list[Got] = field(default_factory=list)
    say: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    drips: set[str] = field(default_factory=set)
    meanwhile: Callable[[], None] = lambda: None
    certificate: Path | None = None

    def start(self) -> None:
        """Begin to listen on a free port of this machine."""
        sink = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                sink.meanwhile()
                if self.path in sink.drips:
                    self._drip()
                    return
                status, headers, answer = sink.say.get(self.path, (200, {}, b"ok"))
                self.say(status, headers, answer)

            def _drip(self) -> None:
                """Never a whole line, and never silent for long."""
                try:
                    while True:
                        self.wfile.write(b"H")
                        self.wfile.flush()
                        time.sleep(0.02)
                except OSError:
                    return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """No longer there."""
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/in") -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def paths(self) -> list[str]:
        """Where it was called, in order."""
        return [one.path for one in self.got]
