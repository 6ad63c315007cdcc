"""How many calls may be under way at one system: a limit in this process and a leased one over all of them."""

from __future__ import annotations

import threading
import uuid

from distportal.common.redis_client import cache_absence
from distportal.systems.limits import adaptive
from distportal.systems.limits.in_turn import Step
from distportal.systems.limits.lost_tickets import LostTickets

LEASE_SECONDS = 60  # longer than any write timeout: a killed worker's slot comes back by itself
WAIT_SECONDS = 1.0

# KEYS: slots, state of the adaptive limit. ARGV: most, ticket, lease s, wait ms. Answers 0, or the wait.
_TAKE = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local most = math.min(tonumber(redis.call('HGET', KEYS[2], 'limit')) or ARGV[1], ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= most then return ARGV[4] end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2]); redis.call('EXPIRE', KEYS[1], ARGV[3] * 2)
return 0
"""
_GIVE = "redis.call('ZREM', KEYS[1], ARGV[1]) return 0"
_lock = threading.Lock()
_under_way: dict[str, int] = {}
_lost = LostTickets(LEASE_SECONDS)


class Slot:
    """One call's place at a system: one of `most`, or of fewer while the system answers slowly.

    `enter` and `leave` count in this process. In between, `taking` and then `giving` count in all of them.
    """

    def __init__(self, system: str, most: int) -> None:
        self._system, self._most = system, most
        self._key, self._ticket = f"limits:slots:{system}", uuid.uuid4().hex
        self._asked = not cache_absence.lasts

    def enter(self) -> bool:
        """Whether this process has fewer than `most` calls under way; it has one more then."""
        with _lock:
            if _under_way.get(self._system, 0) >= self._most:
                return False
            _under_way[self._system] = _under_way.get(self._system, 0) + 1
            return True

    def leave(self) -> None:
        """This process has one call fewer under way."""
        with _lock:
            _under_way[self._system] -= 1

    def taking(self) -> Step:
        """Nothing when the place is taken, else the milliseconds to wait."""
        return Step(
            script=_TAKE,
            keys=(self._key, adaptive.key_of(self._system)),
            args=(self._most, self._ticket, LEASE_SECONDS, int(WAIT_SECONDS * 1000)),
            here=self._fits_here,
            unanswered=self._lose,
        )

    def giving(self) -> Step:
        """The place is free again. Answers nothing."""
        return Step(script=_GIVE, keys=(self._key,), args=(self._ticket,), here=self._give_here)

    def _fits_here(self) -> float:
        with _lock:
            fits = _under_way[self._system] <= adaptive.limit_here(self._system, self._most)
        return 0.0 if fits else WAIT_SECONDS * 1000

    def _give_here(self) -> float:
        if self._asked:
            self._lose()
        return 0.0

    def _lose(self) -> None:
        _lost.lose(self._key, self._ticket)
