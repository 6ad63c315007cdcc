"""Redis when it is there: after a failure everything is local for a few seconds, so that a dead Redis costs little."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from redis.exceptions import RedisError

from distportal.common.redis_client import cache_redis

log = structlog.get_logger(__name__)
T = TypeVar("T")
AWAY_SECONDS = 5.0
_away_until = 0.0


def shared_or(local: Callable[[], T], script: str, keys: list[str], args: list[Any], read: Callable[[Any], T]) -> T:
    """The script's answer through `read`, or what `local` says while Redis is away."""
    global _away_until
    if time.monotonic() < _away_until:
        return local()
    try:
        return read(cache_redis().eval(script, len(keys), *keys, *args))
    except RedisError as error:
        _away_until = time.monotonic() + AWAY_SECONDS
        log.warning("limits.local", error=str(error), seconds=AWAY_SECONDS)
        return local()


def forget_absence() -> None:
    """Ask Redis again at once."""
    global _away_until
    _away_until = 0.0
