"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

from distportal.common.redis_client import broker_redis, cache_redis
from distportal.events.canary import silent_lanes
from distportal.events.clock import database_now
from distportal.events.models import Heartbeat
from distportal.systems.answering import silent_systems

SWEEPER_LATE = dt.timedelta(seconds=15)
_migrated: list[bool] = []


def live(_: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


def ready(_: HttpRequest) -> JsonResponse:
    """200 while orders can be taken: the database answers and has the tables this version needs. Redis, the sweeper,
    a lane's workers or another system away is told, but no reason to stop.
    """
    checks = {"database": _database(), "broker": _redis(broker_redis()), "cache": _redis(cache_redis())}
    if checks["database"] == "ok":
        checks |= {
            "migrations": _migrations(), "sweeper": _sweeper(), "lanes": _lanes(), "systems": _systems(),
        }  # fmt: skip
    status = 200 if checks["database"] == checks.get("migrations") == "ok" else 503
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


def _lanes() -> str:
    silent = silent_lanes()
    return f"nothing heard of {', '.join(silent)}" if silent else "ok"


def _systems() -> str:
    """As their last calls went: nobody is called for a probe."""
    silent = silent_systems()
    return f"no answer of {', '.join(silent)}" if silent else "ok"


def _migrations() -> str:
    """A process of a new version that is there before its migrations must not get requests; once ok, always ok."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return f"{len(missing)} to run"
        _migrated.append(True)
    return "ok"
