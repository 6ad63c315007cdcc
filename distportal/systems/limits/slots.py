"""How many calls may be under way at one system: a limit in this process and a leased one over all of them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from distportal.common.redis_client import cache_absence
from distportal.systems.limits import adaptive
from distportal.systems.limits.lost_tickets import LostTickets
from distportal.systems.limits.shared import shared_or

LEASE_SECONDS = 60  # longer than any write timeout: a killed worker's slot comes back by itself

_TAKE = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local most = math.min(tonumber(redis.call('HGET', KEYS[2], 'limit')) or ARGV[1], ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= most then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2]); redis.call('EXPIRE', KEYS[1], ARGV[3] * 2)
return 1
"""
_GIVE = "return redis.call('ZREM', KEYS[1], ARGV[1])"
_lock = threading.Lock()
_under_way: dict[str, int] = {}
_lost = LostTickets(LEASE_SECONDS)


@contextmanager
def slot(system: str, limit: int) -> Iterator[bool]:
    """Whether a slot is held during the block: one of `limit`, or of fewer while the system answers slowly. Never
    waits.
    """
    if not _enter(system, limit):
        yield False
        return
    key, ticket = f"limits:slots:{system}", uuid.uuid4().hex
    try:
        asked = not cache_absence.lasts
        held = _take(system, key, ticket, limit) if asked else _fits_here(system, limit)
        try:
            yield held
        finally:
            if held and asked:
                shared_or(lambda: _lost.lose(key, ticket), _GIVE, [key], [ticket], lambda _: None)
    finally:
        _leave(system)


def _take(system: str, key: str, ticket: str, limit: int) -> bool:
    def here() -> bool:
        _lost.lose(key, ticket)
        return _fits_here(system, limit)

    return shared_or(here, _TAKE, [key, adaptive.key_of(system)], [limit, ticket, LEASE_SECONDS], bool)


def _enter(system: str, limit: int) -> bool:
    with _lock:
        if _under_way.get(system, 0) >= limit:
            return False
        _under_way[system] = _under_way.get(system, 0) + 1
        return True


def _fits_here(system: str, limit: int) -> bool:
    with _lock:
        return _under_way[system] <= adaptive.limit_here(system, limit)


def _leave(system: str) -> None:
    with _lock:
        _under_way[system] -= 1
