"""A server that hangs: it is there, and it is no use."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Mute:
    """A server that takes connections and never says a word; it counts them."""

    def __init__(self) -> None:
        self.taken: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self.taken.append(self._server.accept()[0])

    def close(self) -> None:
        """Nobody listens any more."""
        self._server.close()
        for connection in self.taken:
            connection.close()
