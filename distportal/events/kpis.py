"""What monitoring and scaling read of background work: lanes, pressure, the outbox, the sweeper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection

from distportal.events.backlog import backlog
from distportal.events.pressure import read_pressure
from distportal.observability.figures import Figure, figure_source, one

_OUTBOX = """
SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - next_at))
                          FILTER (WHERE next_at <= clock_timestamp()), 0),
       (SELECT extract(epoch FROM clock_timestamp() - beat_at) FROM events_heartbeat WHERE name = 'sweeper')
  FROM events_outboxdelivery WHERE state = 'pending'
"""
Samples = tuple[tuple[Mapping[str, str], float], ...]


@figure_source("events")
def event_figures() -> Iterable[Figure]:
    """Four queries; the counters end where the sweeper measured last, a few seconds ago."""
    lanes, now = backlog(), read_pressure()
    yield Figure(name="portal_pressure_level", text="0 normal, 1 slow, 2 shed, 3 protect", samples=one(now.level))
    for name, text, values in (
        ("portal_lane_oldest_due_seconds", "Age of the oldest due job without a worker: scale on this",
         [(lane.lane, lane.oldest_seconds) for lane in lanes]),
        ("portal_lane_waiting_seconds", "Seconds since the oldest waiting job was asked for",
         [(lane.lane, lane.waiting_seconds) for lane in lanes]),
        ("portal_lane_ready_jobs", "Jobs that are not done", [(lane.lane, lane.ready) for lane in lanes]),
        ("portal_lane_held_jobs", "Jobs that a worker holds", [(lane.lane, lane.held) for lane in lanes]),
    ):  # fmt: skip
        yield Figure(name=name, text=text, samples=tuple(({"lane": lane}, float(value)) for lane, value in values))
    for name, text in (("arrived_total", "Jobs asked for"), ("done_total", "Jobs done")):
        samples = tuple(({"lane": lane}, float(row[name])) for lane, row in sorted(now.lanes.items()))
        yield Figure(name=f"portal_jobs_{name.removesuffix('_total')}", text=text, samples=samples, kind="counter")
    gauges: Samples = tuple(
        ({"gauge": name}, float(value)) for name, value in sorted(now.gauges.items()) if value is not None
    )
    yield Figure(name="portal_pressure_gauge", text="What the level is judged by, besides lanes", samples=gauges)
    yield from _outbox()


def _outbox() -> Iterable[Figure]:
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOX)
        pending, lag, beat = cursor.fetchone()
    yield Figure(name="portal_outbox_pending", text="Deliveries of events that wait", samples=one(pending))
    yield Figure(name="portal_outbox_lag_seconds", text="Age of the oldest due delivery", samples=one(float(lag)))
    if beat is not None:
        yield Figure(name="portal_sweeper_beat_seconds", text="Since the last sweep", samples=one(float(beat)))
