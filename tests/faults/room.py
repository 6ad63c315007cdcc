"""Clients that wait while enough is on its way: a run of hours takes what the machine does, and no more piles up."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from django.db import Error, connection

from tests.faults.quiet import busy
from tests.faults.senders import EdiClient

LOOKS_EVERY_SECONDS = 1.0


class Room(threading.Thread):
    """`is_there` is set while no more than `most` orders, files and deliveries are on their way, those in the inboxes
    of `partners` with them; for ever where `most` is 0. As it was while the database does not answer.
    """

    def __init__(self, most: int, is_there: threading.Event, partners: Sequence[EdiClient]) -> None:
        super().__init__(daemon=True, name="room")
        self.most, self._is_there, self._partners = most, is_there, partners
        self._ending = threading.Event()

    def run(self) -> None:
        while self.most and not self._ending.wait(LOOKS_EVERY_SECONDS):
            try:
                on_their_way = sum(busy(self._partners).values())
            except Error:
                continue
            finally:
                connection.close()
            if on_their_way > self.most:
                self._is_there.clear()
            else:
                self._is_there.set()

    def end(self) -> None:
        """Nobody looks any more."""
        self._ending.set()
        if self.is_alive():
            self.join(30)
