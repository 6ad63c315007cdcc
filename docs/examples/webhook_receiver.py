"""Take webhooks: believe what is signed, do nothing twice, answer at once. Only Python's own library.

python webhook_receiver.py --secret "whsec_…"        then make a webhook for the address that it prints

`make demo` runs it as the dealer's own system; what it got stands on its page.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import html
import json
import os
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 300
MOST_BYTES = 1024 * 1024
MOST_SHOWN = 200
PATH = "/events"


def is_signed(secret: str, message_id: str, timestamp: str, given: str, body: bytes) -> bool:
    """Whether one of the signatures is ours, over the bytes as they came, and the message is not an old one."""
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    told = f"{message_id}.{timestamp}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, one) for one in given.split())


class Receiver(ThreadingHTTPServer):
    """Knows the secrets that count and what it has taken; a real one keeps the ids in its database."""

    def __init__(self, port: int, secrets: Sequence[str], busy_every: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.secrets, self.busy_every = secrets, busy_every
        self.taken: dict[str, dict[str, Any]] = {}
        self.repeats: dict[str, int] = {}
        self.put_off: set[str] = set()

    def answer(self, key: str, body: bytes) -> tuple[int, str]:
        """The status for a message that is believed, and why."""
        known = self.taken.keys() | self.put_off
        if self.busy_every and key not in known and len(known) % self.busy_every == self.busy_every - 1:
            self.put_off.add(key)
            return 503, "busy, send it again"
        if key in self.taken:
            self.repeats[key] = self.repeats.get(key, 0) + 1
            return 200, "had it already, did nothing"
        self.taken[key] = json.loads(body)
        return 200, "taken"


class Handler(BaseHTTPRequestHandler):
    """POST /events takes a message, GET / shows what came."""

    server: Receiver

    def do_POST(self) -> None:
        """401 for what is not believed, so that the sender's log says what is wrong with the secret."""
        size = int(self.headers.get("Content-Length") or 0)
        if self.path.partition("?")[0] != PATH or not 0 < size <= MOST_BYTES:
            self.close_connection = True
            return self._say(404, "text/plain", "nobody listens here")
        body = self.rfile.read(size)
        head = [self.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
        if not any(is_signed(secret, *head, body) for secret in self.server.secrets):
            return self._say(401, "text/plain", "the signature does not fit")
        status, words = self.server.answer(f"{self.path} {head[0]}", body)  # each webhook has all of its own
        return self._say(status, "text/plain", words)

    def do_GET(self) -> None:
        """What came, the newest first."""
        rows = "".join(
            f"<tr><td>{html.escape(str(event.get('time', '')))}<td>{html.escape(str(event.get('type', '')))}"
            f"<td>{html.escape(str(event.get('subject', '')))}<td>{self.server.repeats.get(key, 0) or ''}"
            for key, event in list(reversed(self.server.taken.items()))[:MOST_SHOWN]
        )
        title = "What the portal told this system"
        self._say(
            200,
            "text/html; charset=utf-8",
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1>"
            f"<table><tr><th>When<th>What<th>Of what<th>Sent again{rows}</table>",
        )

    def _say(self, status: int, media: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """The page tells what came."""


def main() -> None:
    """Listens on this machine until Ctrl-C."""
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--port", type=int, default=8803)
    read.add_argument("--secret", action="append", default=os.environ.get("WEBHOOK_SECRETS", "").split())
    read.add_argument("--busy-every", type=int, default=0, help="answer 503 to the first try of every so many messages")
    told = read.parse_args()
    server = Receiver(told.port, told.secret, told.busy_every)
    print(f"http://127.0.0.1:{server.server_port}{PATH}", flush=True)  # noqa: T201
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
