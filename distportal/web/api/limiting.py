"""How often a key may call: rate, burst and quota of its policy, counted by all processes together."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from distportal.accounts.models import ApiKey, ApiPolicy
from distportal.systems.limits.bucket import LOCAL_SHARE
from distportal.systems.limits.shared import shared_or
from distportal.web.api.auth import Client

if TYPE_CHECKING:
    from rest_framework.views import APIView

DAY = 24 * 3600
_TAKE = """
local t = redis.call('TIME'); local now = t[1] + t[2] / 1000000
local rate, burst, quota = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local day = math.floor(now / 86400)
local used = tonumber(redis.call('HGET', KEYS[1], 'day' .. day) or '0')
if quota > 0 and used >= quota then return {tostring((day + 1) * 86400 - now), '0'} end
local had = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, (tonumber(had[1]) or burst) + (now - (tonumber(had[2]) or now)) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / rate end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
if wait == 0 and quota > 0 then
  redis.call('HINCRBY', KEYS[1], 'day' .. day, 1); redis.call('HDEL', KEYS[1], 'day' .. (day - 1))
end
redis.call('EXPIRE', KEYS[1], math.max(172800, math.ceil(burst / rate)))
return {tostring(wait), tostring(math.floor(tokens))}
"""
_lock = threading.Lock()
_local: dict[str, tuple[float, float]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a call left of the key's limits; `wait` seconds until the next one where it was refused."""

    policy: ApiPolicy
    wait: float
    remaining: int

    @property
    def spent(self) -> bool:
        """Whether it waits for the next day: the rate alone never lets a call wait longer than it takes to earn one."""
        return self.policy.daily_quota is not None and self.wait > 60 / self.policy.rate_per_minute

    @property
    def reset(self) -> int:
        """In how many seconds the whole burst is there again."""
        return int((self.policy.burst - self.remaining) * 60 / self.policy.rate_per_minute) + 1


def policy_of(key: ApiKey) -> ApiPolicy:
    """The key's policy; the defaults of the fields where it has none."""
    return key.policy or ApiPolicy(name="default")


def take_call(key: ApiKey) -> Allowance:
    """One call of the key, counted unless it is refused. A rotated key counts with the one it replaces. Without Redis
    each process lets a part of the rate through and nobody counts the quota.
    """
    policy = policy_of(key)
    name, rate = f"api:{key.identity}", policy.rate_per_minute / 60
    wait, remaining = shared_or(
        lambda: _take_local(name, rate / LOCAL_SHARE, max(policy.burst / LOCAL_SHARE, 1.0)),
        _TAKE, [f"limits:{name}"], [rate, policy.burst, policy.daily_quota or 0],
        lambda told: (float(told[0]), int(told[1])),
    )  # fmt: skip
    return Allowance(policy=policy, wait=wait, remaining=remaining)


def _take_local(name: str, rate: float, burst: float) -> tuple[float, int]:
    now = time.monotonic()
    with _lock:
        tokens, at = _local.get(name, (burst, now))
        tokens = min(burst, tokens + (now - at) * rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / rate
        tokens = tokens if wait else tokens - 1
        _local[name] = (tokens, now)
    return wait, int(tokens)


class ClientLimits(BaseThrottle):
    """429 with Retry-After above the limits of the key's policy. Views with throttles of their own name it first."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, Client):
            return True
        self.allowance = take_call(request.user.key)
        request._request.api_allowance = self.allowance  # type: ignore[attr-defined]  # told in headers
        return not self.allowance.wait

    def wait(self) -> float:
        return self.allowance.wait if self.allowance else 1.0
