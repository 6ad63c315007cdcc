"""A token bucket for each system, on Redis' clock."""

from __future__ import annotations

import threading
import time

from distportal.systems.limits.in_turn import Step

BURST_SECONDS = 5.0
LOCAL_SHARE = 4  # without Redis each process takes this part of the rate, as if so many processes ran

_TAKE = """
local t = redis.call('TIME'); local now = t[1] + t[2] / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local had = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, (tonumber(had[1]) or burst) + (now - (tonumber(had[2]) or now)) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / rate * 1000 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 60000)
return wait
"""
_lock = threading.Lock()
_local: dict[str, tuple[float, float]] = {}


def taking_token(system: str, rate_per_minute: float) -> Step:
    """Nothing when the call may go, else the milliseconds until a token is there; a refusal takes none."""
    rate = rate_per_minute / 60
    return Step(
        script=_TAKE,
        keys=(f"limits:bucket:{system}",),
        args=(rate, max(rate * BURST_SECONDS, 1.0)),
        here=lambda: _take_here(system, rate / LOCAL_SHARE),
    )


def _take_here(system: str, rate: float) -> float:
    burst, now = max(rate * BURST_SECONDS, 1.0), time.monotonic()
    with _lock:
        tokens, at = _local.get(system, (burst, now))
        tokens = min(burst, tokens + (now - at) * rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / rate * 1000
        _local[system] = (tokens - 1 if not wait else tokens, now)
    return wait
