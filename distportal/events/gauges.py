"""What the portal stands on and how much of it is used: connections, disk, Redis' memory, a database that writes and
whose copies keep up."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

from distportal.common.redis_client import broker_redis

_DATABASE = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' OR backend_type IS NULL),
       current_setting('max_connections')::int,
       NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
"""
# How much of the log (WAL) the database has to keep: for the copy or slot that is furthest behind, or beyond what it
# keeps anyway, as when its archive fails. A role without pg_monitor sees the slots and not the size.
_BEHIND = """
SELECT (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), place)) FROM (
           SELECT replay_lsn AS place FROM pg_stat_replication
           UNION ALL SELECT restart_lsn FROM pg_replication_slots) AS places),
       has_function_privilege('pg_ls_waldir()', 'execute')
"""
_BEYOND = "SELECT sum(size) - pg_size_bytes(current_setting('max_wal_size')) FROM pg_ls_waldir()"


class ReadsRows(Protocol):
    """A cursor of Django or of the driver."""

    def execute(self, query: str, /) -> Any: ...

    def fetchone(self) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """Parts of a whole from 0.0 to 1.0. `redis_used` is None while the broker is away or has no limit. `wal_held` is in
    bytes, None where it cannot be told: what of its log the database keeps for others that are behind.
    """

    connections_used: float
    disk_free: float
    redis_used: float | None
    writable: bool
    wal_held: int | None = None


def read_gauges() -> Gauges:
    """The gauges now. Raises DatabaseError while the database is away."""
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        used, most, writable = cursor.fetchone()
        held = wal_held(cursor) if writable else None
    return Gauges(
        connections_used=used / most,
        disk_free=_disk_free(),
        redis_used=_redis_used(),
        writable=bool(writable),
        wal_held=held,
    )


def wal_held(cursor: ReadsRows) -> int | None:
    """Bytes of its log that the database of the cursor keeps for copies, slots or an archive that are behind."""
    cursor.execute(_BEHIND)
    behind, may_see_size = cursor.fetchone()
    known = [] if behind is None else [int(behind)]
    if may_see_size:
        cursor.execute(_BEYOND)
        known.append(int(cursor.fetchone()[0]))
    return max(0, *known) if known else None


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
