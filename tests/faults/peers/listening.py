"""A peer that is called by HTTP, and how it can behave."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from tests.answering import QuietHandler

Mood = Literal["", "refuse", "hang", "forget"]
"""As it should; 503 and nothing is taken; nothing is taken and no answer comes; taken, and the answer is lost."""
HANG_SECONDS = 15.0
Answer = tuple[int, Mapping[str, str], bytes]
Taker = Callable[[Mapping[str, str], bytes], Answer]
"""Takes headers (names in lower case) and body; where it raises, nothing is answered."""


def set_mood(folder: Path, mood: Mood) -> None:
    """The peer of that folder behaves so from its next request on, also after it was started again."""
    (folder / "mood").write_text(mood)


class HttpPeer(ThreadingHTTPServer):
    """Listens on a port of this machine."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int, take: Taker) -> None:
        self.folder, self.take = folder, take
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def mood(self) -> str:
        """How it behaves now."""
        told = self.folder / "mood"
        return told.read_text() if told.exists() else ""


class _Handler(QuietHandler):
    server: HttpPeer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        mood = self.server.mood
        if mood == "hang":
            time.sleep(HANG_SECONDS)
        if mood == "hang" or len(body) < length:
            return
        if mood == "refuse":
            self.say(503, {}, b"")
            return
        status, headers, answer = self.server.take({name.lower(): value for name, value in self.headers.items()}, body)
        if mood != "forget":
            self.say(status, headers, answer)
