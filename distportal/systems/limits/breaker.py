"""A circuit breaker for each system and endpoint: half of at least 20 calls in 30 s failed opens it for 10 s, then
one caller at a time may probe."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Literal

from distportal.systems.limits.in_turn import Step

WINDOW_SECONDS = 30
MIN_CALLS = 20
OPEN_SECONDS = 10.0
PROBE_SECONDS = 30.0
PROBE_WAIT = 1.0

Pass = Literal["closed", "probe"]
_CLOSED, _PROBE = 0.0, -1.0

# KEYS: tripped, open, probe. Answers -1 for the probe, 0 for a closed breaker, else the milliseconds to wait.
_ASK = """
local left = redis.call('PTTL', KEYS[2]); if left > 0 then return left end
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[1]) then return -1 end
return tonumber(ARGV[2])
"""
# KEYS: tripped, open, probe, window. ARGV: ok, was probe, window s, least calls, open ms.
_RECORD = """
local ok, probe = ARGV[1] == '1', ARGV[2] == '1'
local function trip()
  redis.call('SET', KEYS[1], '1', 'EX', 3600); redis.call('SET', KEYS[2], '1', 'PX', ARGV[5])
  redis.call('DEL', KEYS[3], KEYS[4])
end
if probe then
  if ok then redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4]) else trip() end
  return 0
end
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local slot = math.floor(redis.call('TIME')[1] / 10)
redis.call('HINCRBY', KEYS[4], slot .. (ok and ':ok' or ':failed'), 1)
redis.call('EXPIRE', KEYS[4], ARGV[3] * 2)
local good, bad, all = 0, 0, redis.call('HGETALL', KEYS[4])
for i = 1, #all, 2 do
  local at, how = string.match(all[i], '(%d+):(%a+)')
  if tonumber(at) <= slot - ARGV[3] / 10 then redis.call('HDEL', KEYS[4], all[i])
  elseif how == 'ok' then good = good + all[i + 1] else bad = bad + all[i + 1] end
end
if good + bad >= tonumber(ARGV[4]) and bad * 2 >= good + bad then trip() end
return 0
"""
_GIVE_BACK = "redis.call('DEL', KEYS[1]) return 0"


@dataclass
class _Local:
    calls: list[tuple[float, bool]] = field(default_factory=list)
    open_until: float = 0.0
    tripped: bool = False
    probe_until: float = 0.0


_lock = threading.Lock()
_local: dict[str, _Local] = {}


def asking(name: str) -> Step:
    """The milliseconds to wait, or what `pass_of` reads: the call may go. A probe must be recorded or given back."""
    args = (int(PROBE_SECONDS * 1000), int(PROBE_WAIT * 1000))
    return Step(script=_ASK, keys=_keys(name)[:3], args=args, here=lambda: _ask_here(name))


def pass_of(answer: float) -> Pass:
    """How the call goes that need not wait."""
    return "probe" if answer < 0 else "closed"


def recording(name: str, how: Pass, *, ok: bool) -> Step:
    """Count the end of a call; a probe's end closes the breaker or opens it again. Answers nothing."""
    return Step(
        script=_RECORD,
        keys=_keys(name),
        args=(int(ok), int(how == "probe"), WINDOW_SECONDS, MIN_CALLS, int(OPEN_SECONDS * 1000)),
        here=lambda: _record_here(name, how, ok=ok),
    )


def giving_back(name: str) -> Step:
    """The probe was not made after all: the next caller may. Answers nothing."""
    return Step(script=_GIVE_BACK, keys=_keys(name)[2:3], here=lambda: _give_back_here(name))


def _keys(name: str) -> tuple[str, ...]:
    return tuple(f"limits:breaker:{name}:{part}" for part in ("tripped", "open", "probe", "window"))


def _ask_here(name: str) -> float:
    now = time.monotonic()
    with _lock:
        state = _local.setdefault(name, _Local())
        if now < state.open_until:
            return (state.open_until - now) * 1000
        if not state.tripped:
            return _CLOSED
        if now < state.probe_until:
            return PROBE_WAIT * 1000
        state.probe_until = now + PROBE_SECONDS
        return _PROBE


def _record_here(name: str, how: Pass, *, ok: bool) -> float:
    now = time.monotonic()
    with _lock:
        state = _local.setdefault(name, _Local())
        if how == "probe" and ok:
            _local[name] = _Local()
            return 0.0
        if how == "closed" and state.tripped:
            return 0.0
        state.calls = [call for call in state.calls if call[0] > now - WINDOW_SECONDS] + [(now, ok)]
        failed = sum(1 for _, good in state.calls if not good)
        if how == "probe" or (len(state.calls) >= MIN_CALLS and failed * 2 >= len(state.calls)):
            _local[name] = _Local(tripped=True, open_until=now + OPEN_SECONDS)
        return 0.0


def _give_back_here(name: str) -> float:
    with _lock:
        _local.setdefault(name, _Local()).probe_until = 0.0
    return 0.0
