"""A tiny job in each lane, each minute: it shows that the lane's workers take work also while there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import connection

from distportal.events.canary_names import canary_kind
from distportal.events.clock import database_now
from distportal.events.models import Heartbeat, Job
from distportal.events.registry import job_handler
from distportal.observability.figures import Figure, figure_source

LATE = dt.timedelta(minutes=3)
_LANES = """
SELECT lane, extract(epoch FROM clock_timestamp() - since)::float, waited
  FROM (SELECT substr(name, 6) AS lane, beat_at AS since, (detail ->> 'waited')::float AS waited
          FROM events_heartbeat WHERE name LIKE 'lane:%%'
         UNION ALL
        SELECT j.lane, j.next_at, NULL
          FROM events_job j
         WHERE j.state = 'ready' AND j.kind = ANY(%s)
           AND NOT EXISTS (SELECT FROM events_heartbeat h WHERE h.name = 'lane:' || j.lane)) told
 ORDER BY lane
"""
"""Of a lane that was never heard, since its first canary was planned: nobody works it."""


def sing(payload: Mapping[str, Any]) -> None:
    """Notes that the job's lane is worked, and how many seconds its job waited."""
    job, now = Job.objects.get(pk=payload["_job"]), database_now()
    waited = round((now - job.next_at).total_seconds(), 3)
    Heartbeat.objects.update_or_create(name=f"lane:{job.lane}", defaults={"beat_at": now, "detail": {"waited": waited}})


# They run at every level of pressure: what rests then is the lane's work, not its workers.
for _lane in settings.LANES:
    job_handler(canary_kind(_lane), lane=_lane, max_attempts=1, never_waits=True)(sing)


def silent_lanes() -> list[str]:
    """Lanes whose canary has not been heard for LATE, or waits so long for its first worker. One query."""
    return [lane for lane, seconds, _ in _heard() if seconds > LATE.total_seconds()]


@figure_source("canary")
def canary_figures() -> Iterable[Figure]:
    """One query."""
    rows = _heard()
    since = tuple(({"lane": lane}, seconds) for lane, seconds, _ in rows)
    waited = tuple(({"lane": lane}, waits) for lane, _, waits in rows if waits is not None)
    for name, text, samples in (
        ("portal_lane_canary_seconds", "Since the lane's canary was last heard, or its first was planned", since),
        ("portal_lane_canary_waited_seconds", "How long the last canary waited for a worker", waited),
    ):
        yield Figure(name=name, text=text, samples=samples)


def _heard() -> list[tuple[str, float, float | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_LANES, [[canary_kind(lane) for lane in settings.LANES]])
        rows: list[tuple[str, float, float | None]] = cursor.fetchall()
    return rows
