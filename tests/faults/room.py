"""Clients that wait while enough is on its way: a run of hours takes what the machine does, and no more piles up."""

from __future__ import annotations

import threading

from django.db import Error, connection

from tests.faults.quiet import busy

LOOKS_EVERY_SECONDS = 1.0


class Room(threading.Thread):
    """`open` while no more than `most` orders, files and deliveries are on their way; for ever where `most` is 0. As it
    was while the database does not answer.
    """

    def __init__(self, most: int) -> None:
        super().__init__(daemon=True, name="room")
        self.most, self.open, self._ending = most, threading.Event(), threading.Event()
        self.open.set()

    def run(self) -> None:
        while self.most and not self._ending.wait(LOOKS_EVERY_SECONDS):
            try:
                on_their_way = sum(busy().values())
            except Error:
                continue
            finally:
                connection.close()
            if on_their_way > self.most:
                self.open.clear()
            else:
                self.open.set()

    def end(self) -> None:
        """Nobody looks any more."""
        self._ending.set()
        if self.is_alive():
            self.join(30)
