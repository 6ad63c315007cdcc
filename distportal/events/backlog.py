"""How much work waits in each lane, and for how long: what operations watch and what scaling reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

_SQL = """
SELECT lane, count(*), count(*) FILTER (WHERE lease_until > clock_timestamp()),
       max(extract(epoch FROM clock_timestamp() - next_at)) FILTER (WHERE next_at <= clock_timestamp())
  FROM events_job WHERE state = 'ready' GROUP BY lane
"""


@dataclass(frozen=True, slots=True)
class LaneBacklog:
    """One lane: ready jobs, those being worked on, and the seconds since the oldest due one became due."""

    lane: str
    ready: int
    held: int
    oldest_seconds: float


def backlog() -> list[LaneBacklog]:
    """Every lane, empty ones too. One query over the ready jobs alone."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        found = {lane: (ready, held, float(oldest or 0)) for lane, ready, held, oldest in cursor.fetchall()}
    return [LaneBacklog(lane, *found.get(lane, (0, 0, 0.0))) for lane in settings.LANES]
