"""How much work waits in each lane, for how long, and how fast it is done: what operations watch and scaling reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

# What is not due within two minutes is planned, not waiting; a claim that another system refused is due again sooner.
_WAITING = """
SELECT j.lane, count(*), count(*) FILTER (WHERE lease_until > clock_timestamp()),
       max(extract(epoch FROM clock_timestamp() - next_at)) FILTER (WHERE next_at <= clock_timestamp()
           AND (lease_until IS NULL OR lease_until < clock_timestamp()) AND p.kind IS NULL),
       count(*) FILTER (WHERE next_at <= clock_timestamp() + interval '2 minutes' AND p.kind IS NULL),
       max(extract(epoch FROM clock_timestamp() - created_at)) FILTER (
           WHERE next_at <= clock_timestamp() + interval '2 minutes' AND p.kind IS NULL)
  FROM events_job j LEFT JOIN events_pausedkind p ON p.kind = j.kind
 WHERE state = 'ready' GROUP BY j.lane
"""
_DONE = """
SELECT lane, count(*) FROM events_job
 WHERE state = 'done' AND done_at > clock_timestamp() - interval '1 minute' GROUP BY lane
"""

_ENDED = """
SELECT lane, count(*) FILTER (WHERE state = 'done'), count(*) FROM events_job
 WHERE done_at > %s AND done_at <= %s AND state <> 'ready' GROUP BY lane
"""


@dataclass(frozen=True, slots=True)
class LaneBacklog:
    """One lane. `ready` jobs, those `held` by a worker, the seconds that the oldest one has been due without a worker,
    the jobs that `press` (due soon, of no paused kind), the seconds since the oldest of them was asked for, and the
    jobs done in the last minute.
    """

    lane: str
    ready: int = 0
    held: int = 0
    oldest_seconds: float = 0.0
    pressing: int = 0
    waiting_seconds: float = 0.0
    done_per_minute: int = 0


def backlog(lanes: Sequence[str] = ()) -> list[LaneBacklog]:
    """Every lane of the settings, or those named; empty ones too. Two queries: over the ready jobs and over those
    that were done in the last minute.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        found = {
            lane: (ready, held, float(oldest or 0), pressing, float(waiting or 0))
            for lane, ready, held, oldest, pressing, waiting in cursor.fetchall()
        }
        cursor.execute(_DONE)
        done = dict(cursor.fetchall())
    return [
        LaneBacklog(lane, *found.get(lane, (0, 0, 0.0, 0, 0.0)), done.get(lane, 0)) for lane in lanes or settings.LANES
    ]


def ended_between(after: dt.datetime, until: dt.datetime) -> dict[str, tuple[int, int]]:
    """By lane the jobs that were done, and all that ended, in the time after `after` up to `until`."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [after, until])
        return {lane: (done, ended) for lane, done, ended in cursor.fetchall()}
