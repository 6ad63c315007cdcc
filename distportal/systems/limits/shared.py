"""Redis when it is there: after a failure everything is local for a few seconds, so that a dead Redis costs little."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from redis.exceptions import RedisError

from distportal.common.redis_client import cache_absence, cache_redis

log = structlog.get_logger(__name__)
T = TypeVar("T")


def shared_or(local: Callable[[], T], script: str, keys: list[str], args: list[Any], read: Callable[[Any], T]) -> T:
    """The script's answer through `read`, or what `local` says while Redis is away."""
    if cache_absence.lasts:
        return local()
    try:
        return read(cache_redis().eval(script, len(keys), *keys, *args))
    except RedisError as error:
        cache_absence.note()
        log.warning("limits.local", error=str(error), seconds=cache_absence.seconds)
        return local()


def forget_absence() -> None:
    """Ask Redis again at once."""
    cache_absence.forget()
