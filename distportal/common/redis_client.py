"""Clients of the two Redis processes, with timeouts short enough for a web request."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from distportal.common.absence import Absence

cache_absence = Absence(5.0)
"""Of the one that holds caches: limits, cached reads and Django's cache leave it alone together."""


@cache
def broker_redis() -> redis.Redis:
    """The one that carries hints."""
    return _client(settings.REDIS_URL)


@cache
def cache_redis() -> redis.Redis:
    """The one that holds caches, buckets and breaker state: all of it may vanish."""
    return _client(settings.CACHE_URL, settings.CACHE_TIMEOUT_SECONDS)


def _client(url: str, timeout: float = 1.0) -> redis.Redis:
    # No retries: whoever asks has something better to do than to wait for a server that is away.
    return redis.Redis.from_url(
        url, socket_timeout=timeout, socket_connect_timeout=0.5, decode_responses=True, retry=Retry(NoBackoff(), 0)
    )
