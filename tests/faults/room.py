"""Clients that wait while enough is on its way: a run of hours takes what the machine does, and no more piles up."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from django.db import Error, connection

from tests.faults.quiet import PEERS_PACE, busy
from tests.faults.senders import EdiClient

LOOKS_EVERY_SECONDS = 1.0


class Room(threading.Thread):
    """`full` is set while more than `most` orders, files and deliveries are on their way, those in the inboxes of
    `partners` with them, those that wait for a peer without; never where `most` is 0. As it was while the database does
    not answer.
    """

    def __init__(self, most: int, full: threading.Event, partners: Sequence[EdiClient]) -> None:
        super().__init__(daemon=True, name="room")
        self.most, self._full, self._partners = most, full, partners
        self._ending = threading.Event()

    def run(self) -> None:
        while self.most and not self._ending.wait(LOOKS_EVERY_SECONDS):
            try:
                on_their_way = sum(n for what, n in busy(self._partners).items() if what not in PEERS_PACE)
            except Error:
                continue
            finally:
                connection.close()
            if on_their_way > self.most:
                self._full.set()
            else:
                self._full.clear()

    def end(self) -> None:
        """Nobody looks any more."""
        self._ending.set()
        if self.is_alive():
            self.join(30)
