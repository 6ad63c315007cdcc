"""A TCP port of this machine that stays ours while the server behind it is down."""

from __future__ import annotations

import socket


class KeptPort:
    """A free loopback port as `number`, kept from other processes' outgoing connections until this object goes.

    Linux hands ports that nobody listens on to whoever connects somewhere, so a server that is away for some seconds
    may not get its own port back. A bound socket that does not listen is in the way of those connections only: calls
    to the port are refused as they should be, and the server binds it as long as it sets SO_REUSEADDR itself.
    """

    def __init__(self) -> None:
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.number = int(self._held.getsockname()[1])

    def close(self) -> None:
        """From now on anybody may have the port."""
        self._held.close()
