"""How many calls at once a system bears now: one more after each clean window, 0.7 of them when it cannot keep up.

It cannot keep up when a call times out or is refused as one too many, or when half the calls of a window at some
endpoint took more than twice what they usually take there. All processes share one limit through Redis; without it each
process keeps its own.
"""

from __future__ import annotations

import math
import statistics
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from distportal.systems.limits.in_turn import Step

WINDOW_MS = 1000
LEAST_CALLS = 5
"""A window ends after a second, or later if there were fewer calls."""
FLOOR_MS = 20
"""A call that is not slower than usual by so much is not slow, however quick it usually is."""
CUT = 0.7
DRIFT = 0.05
"""A system that has become slower for good is usual again after some windows: the baseline moves by this part."""
GAIN = 0.3
"""And by this one when the system has become quicker."""

# KEYS: state, calls. ARGV: endpoint, ms, pushed back, most, window ms, least calls, floor ms, cut, drift, gain.
_OBSERVE = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local most, window = tonumber(ARGV[4]), tonumber(ARGV[5])
local had = redis.call('HMGET', KEYS[1], 'limit', 'began')
local limit, began = math.min(tonumber(had[1]) or most, most), tonumber(had[2]) or now
local function cut() limit = math.max(1, math.floor(limit * ARGV[8])) end
local function keep(at)
  redis.call('HSET', KEYS[1], 'limit', limit, 'began', at); redis.call('EXPIRE', KEYS[1], 3600)
  redis.call('EXPIRE', KEYS[2], 3600)
  return limit
end
if ARGV[3] == '1' then
  local last = tonumber(redis.call('HGET', KEYS[1], 'cut_at')) or 0
  if now - last >= window then cut(); redis.call('HSET', KEYS[1], 'cut_at', now) end
  redis.call('DEL', KEYS[2])
  return keep(now)
end
redis.call('RPUSH', KEYS[2], ARGV[1] .. '|' .. ARGV[2]); redis.call('LTRIM', KEYS[2], -500, -1)
if now - began < window or redis.call('LLEN', KEYS[2]) < tonumber(ARGV[6]) then return keep(began) end
local by = {}
for _, call in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local name, ms = string.match(call, '^(.*)|([^|]*)$')
  by[name] = by[name] or {}; table.insert(by[name], tonumber(ms))
end
redis.call('DEL', KEYS[2])
local slow = false
for name, all in pairs(by) do
  table.sort(all)
  local half = all[math.floor((#all + 1) / 2)]
  local usual = tonumber(redis.call('HGET', KEYS[1], 'usual:' .. name)) or half
  if half > 2 * usual and half - usual > tonumber(ARGV[7]) then slow = true end
  usual = usual + (half < usual and ARGV[10] or ARGV[9]) * (half - usual)
  redis.call('HSET', KEYS[1], 'usual:' .. name, tostring(usual))
end
if slow then cut() else limit = math.min(limit + 1, most) end
return keep(now)
"""


@dataclass
class _Here:
    limit: int
    began: float
    cut_at: float = -math.inf
    calls: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    usual: dict[str, float] = field(default_factory=dict)


_lock = threading.Lock()
_here: dict[str, _Here] = {}


def key_of(system: str) -> str:
    """Where the shared limit is kept: field `limit` of a hash."""
    return f"limits:adaptive:{system}"


def observing(system: str, endpoint: str, ms: float, *, pushed_back: bool, most: int) -> Step:
    """The limit, between 1 and `most`, after a call that took `ms`; `pushed_back` when the system could not keep up."""
    key = key_of(system)
    return Step(
        script=_OBSERVE,
        keys=(key, f"{key}:calls"),
        args=(endpoint, round(ms, 1), int(pushed_back), most, WINDOW_MS, LEAST_CALLS, FLOOR_MS, CUT, DRIFT, GAIN),
        here=lambda: _observe_here(system, endpoint, ms, pushed_back=pushed_back, most=most),
    )


def limit_here(system: str, most: int) -> int:
    """The limit of this process alone."""
    with _lock:
        state = _here.get(system)
        return min(state.limit, most) if state else most


def _observe_here(system: str, endpoint: str, ms: float, *, pushed_back: bool, most: int) -> int:
    now = time.monotonic() * 1000
    with _lock:
        state = _here.setdefault(system, _Here(limit=most, began=now))
        state.limit = min(state.limit, most)
        if pushed_back:
            if now - state.cut_at >= WINDOW_MS:
                state.limit, state.cut_at = _cut(state.limit), now
            state.calls.clear()
            state.began = now
            return state.limit
        state.calls[endpoint].append(ms)
        if now - state.began < WINDOW_MS or sum(map(len, state.calls.values())) < LEAST_CALLS:
            return state.limit
        state.limit = _cut(state.limit) if _was_slow(state) else min(state.limit + 1, most)
        state.calls.clear()
        state.began = now
        return state.limit


def _was_slow(state: _Here) -> bool:
    slow = False
    for name, calls in state.calls.items():
        half = statistics.median_low(calls)
        usual = state.usual.get(name, half)
        slow = slow or (half > 2 * usual and half - usual > FLOOR_MS)
        state.usual[name] = usual + (GAIN if half < usual else DRIFT) * (half - usual)
    return slow


def _cut(limit: int) -> int:
    return max(1, math.floor(limit * CUT))
