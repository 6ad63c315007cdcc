"""Whose work is next: the accounts that wait in a lane take turns, however much one of them has waiting."""

from __future__ import annotations

import threading
import uuid
from typing import Any

from django.db import connection

from distportal.events.pressure import resting_lanes
from distportal.events.registry import kinds_that_never_wait

_FREE = """state = 'ready' AND next_at <= clock_timestamp() - make_interval(secs => %(older)s)
   AND (lease_until IS NULL OR lease_until < clock_timestamp())"""

# From one (lane, share) to the next by the index, so that a share of a million rows costs no more than its turns.
_DUE = f"""
WITH RECURSIVE shares AS (
    (SELECT lane, share FROM events_job WHERE state = 'ready' AND lane >= %(from)s
      ORDER BY lane, share LIMIT 1)
    UNION ALL
    SELECT more.lane, more.share FROM shares CROSS JOIN LATERAL (
        SELECT lane, share FROM events_job AS job
         WHERE state = 'ready' AND (job.lane, job.share) > (shares.lane, shares.share)
         ORDER BY lane, share LIMIT 1) AS more
)
SELECT due.id, shares.lane FROM shares CROSS JOIN LATERAL (
    SELECT id, next_at, row_number() OVER (ORDER BY next_at) AS turn FROM (
        SELECT id, next_at FROM events_job AS job
         WHERE job.lane = shares.lane AND job.share = shares.share AND {_FREE}
           AND (NOT job.lane = ANY(%(resting)s) OR job.kind = ANY(%(never_waiting)s))
         ORDER BY next_at LIMIT %(limit)s) AS first) AS due
 WHERE shares.lane = %(only)s OR %(only)s = ''
 ORDER BY due.turn, due.next_at LIMIT %(limit)s
"""  # noqa: S608 - put together from constants

_FIRST = f"""SELECT id, kind, share FROM events_job
 WHERE lane = %(lane)s AND share > {{}} AND {_FREE}
 ORDER BY share, next_at LIMIT 1"""  # noqa: S608 - put together from constants
_NEXT = f"""
WITH later AS MATERIALIZED ({_FIRST.format("%(after)s")})
TABLE later UNION ALL ({_FIRST.format("''")}) LIMIT 1
"""

_lock = threading.Lock()
_last: dict[str, str] = {}


def due_in_turns(*, older_than: float, lane: str, limit: int) -> list[tuple[uuid.UUID, str]]:
    """(id, lane) of jobs that are due for `older_than` seconds and that nobody holds: the oldest one of each share of
    each lane, then the second one of each, and so on. Lanes that rest are left out, but for what never waits.
    """
    values: dict[str, Any] = {
        "older": older_than,
        "from": lane,
        "only": lane,
        "limit": limit,
        "resting": resting_lanes(),
        "never_waiting": kinds_that_never_wait(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        return list(cursor.fetchall())


def next_in_turn(lane: str) -> tuple[uuid.UUID, str] | None:
    """(id, kind) of the oldest due job of the share that follows the one this process took last in the lane; None where
    none is due.

    Work that is done for nobody in particular has no share and takes no part.
    """
    with _lock:
        after = _last.get(lane, "")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"lane": lane, "after": after, "older": 0})
        found: tuple[uuid.UUID, str, str] | None = cursor.fetchone()
    if found is None:
        return None
    with _lock:
        _last[lane] = found[2]
    return found[:2]
