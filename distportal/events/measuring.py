"""Measure the pressure every few seconds and keep it in the one row that every process reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from distportal.events.backlog import LaneBacklog, backlog, ended_between
from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.events.gauges import Gauges, read_gauges
from distportal.events.judging import Bounds, Standing, judge, next_standing
from distportal.events.models import Pressure

log = structlog.get_logger(__name__)

SITE = "site"
EVERY_SECONDS = 5.0

_TURN = """
UPDATE events_pressure SET measured_at = clock_timestamp()
 WHERE name = %s AND measured_at < clock_timestamp() - make_interval(secs => %s) RETURNING 1
"""


def measure_if_due() -> bool:
    """Whether this call measured: of any number of sweepers one does, every EVERY_SECONDS. Raises DatabaseError while
    the database is away or takes no writes.
    """
    _, fresh = Pressure.objects.get_or_create(name=SITE)
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [SITE, EVERY_SECONDS])
        mine = cursor.fetchone() is not None
    if mine or fresh:
        store_pressure(lanes=backlog(), gauges=read_gauges())
    return mine or fresh


@transaction.atomic
def store_pressure(*, lanes: list[LaneBacklog], gauges: Gauges) -> Pressure:
    """The row with the level that these figures ask for, hysteresis considered."""
    Pressure.objects.get_or_create(name=SITE)
    row = Pressure.objects.select_for_update(no_key=True).get(name=SITE)
    bounds, now = Bounds(**settings.PRESSURE_BOUNDS), database_now()
    asked, reasons = judge(lanes, gauges, bounds)
    eased, lingering = judge(lanes, gauges, bounds.eased())
    before = Standing(level=Level(row.level), since=row.since, calm_since=row.calm_since)
    after = next_standing(before, asked=asked, eased=eased, now=now)
    if after.level != before.level:
        log.warning("pressure.changed", before=before.level.label, now=after.level.label, reasons=reasons)
    row.lanes = _figures(lanes, row.lanes, ended_between(row.counted_at, now))
    row.level, row.since, row.calm_since = after.level, after.since, after.calm_since
    row.measured_at = row.counted_at = now
    row.reasons = (reasons or lingering or row.reasons) if after.level else []
    row.gauges = asdict(gauges)
    row.save()
    return row


def _figures(
    lanes: list[LaneBacklog], before: Mapping[str, Any], ended: Mapping[str, tuple[int, int]]
) -> dict[str, dict[str, Any]]:
    """What was measured of each lane, with counters that only grow: jobs that arrived and jobs that were done."""
    found = {}
    for lane in lanes:
        had = before.get(lane.lane, {})
        done, all_ended = ended.get(lane.lane, (0, 0))
        arrived = max(lane.ready - had.get("ready", 0) + all_ended, 0)
        found[lane.lane] = {
            **asdict(lane),
            "done_total": had.get("done_total", 0) + done,
            "arrived_total": had.get("arrived_total", 0) + arrived,
        }
    return found
