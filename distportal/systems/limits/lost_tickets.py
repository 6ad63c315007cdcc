"""Tickets that may lie in Redis though nobody holds them: one that hangs carries out late what it was asked."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import suppress

from redis.exceptions import RedisError

from distportal.common.redis_client import cache_redis

AGAIN_SECONDS = 1.0
TOLD_SECONDS = 5.0
"""After its first answer Redis may still carry out what came before on other connections: it is told for so long."""


class LostTickets:
    """What this process asked for, or meant to give back, without an answer.

    A thread that lives as long as there are any gives them back: a process that waits for its next work would keep the
    slots of others until the lease ends.
    """

    def __init__(self, lease_seconds: float) -> None:
        self._lease = lease_seconds
        self._lock = threading.Lock()
        self._until: dict[tuple[str, str], float] = {}
        self._thread: threading.Thread | None = None

    def lose(self, key: str, ticket: str) -> None:
        """The ticket may be in that sorted set, or get there."""
        with self._lock:
            self._until[key, ticket] = time.monotonic() + self._lease
            # after a fork the thread is the parent's alone, and tells so
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._give_back, name="lost-tickets", daemon=True)
                self._thread.start()

    def _give_back(self) -> None:
        while lost := self._left():
            with suppress(RedisError):  # still away: whoever asks it for something tells that
                for key, tickets in lost.items():
                    cache_redis().zrem(key, *tickets)
                    self._told(key, tickets)
            time.sleep(AGAIN_SECONDS)

    def _left(self) -> dict[str, list[str]]:
        """Tickets by key. None is left: the next one needs a new thread."""
        left, now = defaultdict(list), time.monotonic()
        with self._lock:
            self._until = {lost: until for lost, until in self._until.items() if until > now}
            for key, ticket in self._until:
                left[key].append(ticket)
            if not left:
                self._thread = None
        return left

    def _told(self, key: str, tickets: list[str]) -> None:
        until = time.monotonic() + TOLD_SECONDS
        with self._lock:
            for ticket in tickets:
                self._until[key, ticket] = min(self._until[key, ticket], until)
