"""Django's Redis cache that counts as empty, never as broken, when Redis is away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from distportal.common.redis_client import cache_absence

log = structlog.get_logger(__name__)
T = TypeVar("T")


class ForgivingRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis is down: cached things are copies, the page goes on without."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, lambda: super(ForgivingRedisCache, self).get(key, default, version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return _or({}, lambda: super(ForgivingRedisCache, self).get_many(keys, version))

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        _or(None, lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version))

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        return _or(True, lambda: bool(super(ForgivingRedisCache, self).add(key, value, timeout, version)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _or(False, lambda: bool(super(ForgivingRedisCache, self).delete(key, version)))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        _or(None, lambda: super(ForgivingRedisCache, self).delete_many(keys, version))


def _or(without: T, ask: Callable[[], T]) -> T:
    """What Redis answers, or `without` while it is away."""
    if cache_absence.lasts:
        return without
    try:
        return ask()
    except RedisError as error:
        cache_absence.note()
        log.warning("cache.away", error=str(error))
        return without
