"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

from distportal.common.redis_client import broker_redis, cache_redis
from distportal.events.clock import database_now
from distportal.events.models import Heartbeat

SWEEPER_LATE = dt.timedelta(seconds=15)


def live(_: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


def ready(_: HttpRequest) -> JsonResponse:
    """200 while orders can be taken: the database answers. Redis or the sweeper away is told, but no reason to stop."""
    checks = {"database": _database(), "broker": _redis(broker_redis()), "cache": _redis(cache_redis())}
    if checks["database"] == "ok":
        checks["sweeper"] = _sweeper()
    status = 200 if checks["database"] == "ok" else 503
    return JsonResponse({"status": "ok" if status == 200 else "down", "checks": checks}, status=status)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _redis(client: Redis) -> str:
    try:
        client.ping()
    except (RedisError, OSError) as error:
        return type(error).__name__
    return "ok"


def _sweeper() -> str:
    beat = Heartbeat.objects.filter(name="sweeper").first()
    if beat is None:
        return "never seen"
    return "ok" if database_now() - beat.beat_at < SWEEPER_LATE else f"last seen {beat.beat_at:%H:%M:%S}"
