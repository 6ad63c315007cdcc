"""How often a mapping was needed: counted in Redis, brought to the rows now and then.

Counting on the row itself would make everybody who needs the same unit wait for one another until commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import structlog
from django.db import connection
from redis.exceptions import RedisError

from distportal.common.redis_client import cache_redis

log = structlog.get_logger(__name__)

_COUNTS, _LAST, _TAKEN = "mapping:uses", "mapping:used_at", "mapping:uses:taken"
_FLUSH = """
WITH held AS (SELECT id FROM mapping_crossreference WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE)
UPDATE mapping_crossreference r
   SET hits = r.hits + u.times, last_used_at = greatest(r.last_used_at, u.at)
  FROM held JOIN unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS u (id, times, at) USING (id)
 WHERE r.id = held.id
"""


def note_uses(used: Mapping[int, int]) -> None:
    """Count uses by the id of the cross reference. What is counted while Redis is away is lost: it is only a count."""
    if not used:
        return
    now = dt.datetime.now(dt.UTC).isoformat()
    try:
        pipe = cache_redis().pipeline(transaction=False)
        for pk, times in used.items():
            pipe.hincrby(_COUNTS, str(pk), times)
            pipe.hset(_LAST, str(pk), now)
        pipe.execute()
    except RedisError as error:
        log.debug("mapping.use_not_counted", error=str(error))


def flush_uses() -> int:
    """How many rows got their counts. A crash between taking and writing loses a minute's counts, never doubles one."""
    try:
        redis = cache_redis()
        if not redis.exists(_COUNTS):
            return 0
        redis.rename(_COUNTS, _TAKEN)
        counts, last = dict(redis.hgetall(_TAKEN)), dict(redis.hgetall(_LAST))
        redis.delete(_TAKEN)
    except RedisError as error:
        log.debug("mapping.uses_not_flushed", error=str(error))
        return 0
    rows = [(int(pk), int(times), last.get(pk)) for pk, times in sorted(counts.items(), key=lambda one: int(one[0]))]
    with connection.cursor() as cursor:
        cursor.execute(_FLUSH, [[row[at] for row in rows] for at in (0, 0, 1, 2)])
        return int(cursor.rowcount)
