"""Tickets that may lie in Redis though nobody holds them: one that hangs carries out late what it was asked."""

from __future__ import annotations

import threading
import time

MOST = 200
TOLD_SECONDS = 5.0
"""After its first answer Redis may still carry out what came before on other connections: it is told for so long."""


class LostTickets:
    """What this process asked for, or meant to give back, without an answer; by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost: dict[str, dict[str, float | None]] = {}

    def lose(self, key: str, ticket: str) -> None:
        """The ticket may be there. Of more than MOST the oldest is left to its lease."""
        with self._lock:
            tickets = self._lost.setdefault(key, {})
            tickets[ticket] = None
            for oldest in list(tickets)[:-MOST]:
                del tickets[oldest]

    def of(self, key: str) -> list[str]:
        """Tickets to be taken away by the next command."""
        with self._lock:
            return list(self._lost.get(key, ()))

    def told(self, key: str, tickets: list[str]) -> None:
        """Redis has answered and taken these away."""
        now = time.monotonic()
        with self._lock:
            lost = self._lost.get(key, {})
            for ticket in lost.keys() & tickets:
                first = lost[ticket] = lost[ticket] or now
                if now - first > TOLD_SECONDS:
                    del lost[ticket]
