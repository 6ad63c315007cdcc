"""What the portal stands on and how much of it is used: connections, disk, Redis' memory, a database that writes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

from distportal.common.redis_client import broker_redis

_DATABASE = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' OR backend_type IS NULL),
       current_setting('max_connections')::int,
       NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """Parts of a whole from 0.0 to 1.0. `redis_used` is None while the broker is away or has no limit."""

    connections_used: float
    disk_free: float
    redis_used: float | None
    writable: bool


def read_gauges() -> Gauges:
    """The gauges now. Raises DatabaseError while the database is away."""
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        used, most, writable = cursor.fetchone()
    return Gauges(
        connections_used=used / most, disk_free=_disk_free(), redis_used=_redis_used(), writable=bool(writable)
    )


def _disk_free() -> float:
    """Of the file system that holds spooled files; 1.0 where the folder does not exist yet."""
    try:
        usage = shutil.disk_usage(settings.STATE_DIR)
    except FileNotFoundError:
        return 1.0
    return usage.free / (usage.used + usage.free)


def _redis_used() -> float | None:
    try:
        memory = broker_redis().info("memory")
    except (RedisError, OSError):
        return None
    most = int(memory.get("maxmemory", 0))
    return int(memory["used_memory"]) / most if most else None
