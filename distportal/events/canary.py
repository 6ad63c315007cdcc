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
SELECT substr(name, 6), extract(epoch FROM clock_timestamp() - beat_at), (detail ->> 'waited')::float
  FROM events_heartbeat WHERE name LIKE 'lane:%%' ORDER BY 1
"""


def sing(payload: Mapping[str, Any]) -> None:
    """Notes that the job's lane is worked, and how many seconds its job waited."""
    job, now = Job.objects.get(pk=payload["_job"]), database_now()
    waited = round((now - job.next_at).total_seconds(), 3)
    Heartbeat.objects.update_or_create(name=f"lane:{job.lane}", defaults={"beat_at": now, "detail": {"waited": waited}})


# They run at every level of pressure: what rests then is the lane's work, not its workers.
for _lane in settings.LANES:
    job_handler(canary_kind(_lane), lane=_lane, max_attempts=1, never_waits=True)(sing)


def silent_lanes() -> list[str]:
    """Lanes whose canary has not been heard for LATE; one that was never heard is not missed."""
    late = Heartbeat.objects.filter(name__startswith="lane:", beat_at__lt=database_now() - LATE)
    return sorted(name.removeprefix("lane:") for name in late.values_list("name", flat=True))


@figure_source("canary")
def canary_figures() -> Iterable[Figure]:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LANES)
        rows = cursor.fetchall()
    for name, text, at in (
        ("portal_lane_canary_seconds", "Since the lane's canary was last heard", 1),
        ("portal_lane_canary_waited_seconds", "How long the last canary waited for a worker", 2),
    ):
        yield Figure(name=name, text=text, samples=tuple(({"lane": row[0]}, float(row[at])) for row in rows))
