"""The examples of docs/ with portals that answer as real ones do: names of headers small, things that move on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings

from tests.answering import QuietHandler

MOVED = json.dumps({"code": "changed", "detail": "The order changed since you read it."}).encode()


class Portal(QuietHandler):
    """Takes any order; it moves on between the first look at it and the first change."""

    version, asked = 1, list[str]()

    def do_GET(self) -> None:
        self.say(200, {"etag": f'"{self.version}"'}, b'{"number": "SO-1"}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        act, seen, portal = self.path.rpartition("/")[2], self.headers.get("If-Match", ""), type(self)
        portal.asked.append(f"{act} {seen}".strip())
        if act == "orders":
            return self.say(
                201, {"idempotent-replayed": "true"}, b'{"number": "SO-1", "status": "accepted", "total": "1"}'
            )
        if portal.version == 1:
            portal.version = 2
        if seen != f'"{portal.version}"':
            return self.say(412, {}, MOVED)
        return self.say(201, {}, b'{"status": "sent"}')


@pytest.fixture
def portal() -> Iterator[str]:
    """Where it answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_order_that_moved_on_is_read_again(portal: str) -> None:
    script = settings.BASE_DIR / "docs" / "examples" / "order_by_api.py"
    told = [portal, "a.key", "PO-1", "HARBOR-01", "FST-10001", "10"]
    done = subprocess.run([sys.executable, script, *told], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == [
        "201 SO-1 accepted 1", "201 SO-1 replayed true", "201 change sent", "201 cancellation sent",
    ], done.stderr  # fmt: skip
    assert Portal.asked == ["orders", "orders", 'changes "1"', 'changes "2"', 'cancellation "2"']
