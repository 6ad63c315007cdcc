"""Which level of pressure the figures ask for, and why. Plain arithmetic over what was measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from distportal.events.backlog import LaneBacklog
from distportal.events.choices import Level
from distportal.events.gauges import Gauges
from distportal.events.lane_words import lane_word

LANES_THAT_REST = {"bulk": Level.SLOW, "webhooks": Level.SHED, "mail": Level.SHED}
"""From which level on a lane's work waits. Such a lane presses nobody: else its own rest would keep the level up."""
LEAST_DEPTH = 100
"""Fewer jobs than that are no depth, however slowly they are done."""
CALM_SECONDS = 30.0
"""The figures must allow a lower level for so long before it comes, one level at a time."""
MARGIN = 0.8
"""And they must be below this part of what would raise it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Above or below what a level begins; seconds, bytes of the database's log, or parts of a whole."""

    slow_seconds: float = 60.0
    shed_seconds: float = 300.0
    drain_seconds: float = 300.0
    connections: float = 0.8
    redis: float = 0.6
    disk_shed: float = 0.15
    disk_protect: float = 0.05
    wal_shed: float = 1e9
    wal_protect: float = 4e9

    def eased(self) -> Bounds:
        """The bounds that have to be kept before a level ends."""
        return Bounds(
            slow_seconds=self.slow_seconds * MARGIN,
            shed_seconds=self.shed_seconds * MARGIN,
            drain_seconds=self.drain_seconds * MARGIN,
            connections=self.connections * MARGIN,
            redis=self.redis * MARGIN,
            disk_shed=self.disk_shed / MARGIN,
            disk_protect=self.disk_protect / MARGIN,
            wal_shed=self.wal_shed * MARGIN,
            wal_protect=self.wal_protect * MARGIN,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A level with when it began, and since when the figures have allowed a lower one."""

    level: Level
    since: dt.datetime
    calm_since: dt.datetime | None


def judge(lanes: Sequence[LaneBacklog], gauges: Gauges, bounds: Bounds) -> tuple[Level, list[str]]:
    """The highest level that a figure asks for, and each figure that asks for one, worst first."""
    found = [*_of_lanes(lanes, bounds), *_of_gauges(gauges, bounds)]
    found.sort(key=lambda reason: -reason[0])
    return (found[0][0] if found else Level.NORMAL), [text for _, text in found]


def next_standing(before: Standing, *, asked: Level, eased: Level, now: dt.datetime) -> Standing:
    """The level after one more measurement: up at once, down one level at a time and only after a calm while.

    `asked` is judged by the bounds, `eased` by the eased ones, so it is never the lower of the two.
    """
    if asked > before.level:
        return Standing(level=asked, since=now, calm_since=None)
    if eased >= before.level:
        return Standing(level=before.level, since=before.since, calm_since=None)
    calm_since = before.calm_since or now
    if now - calm_since < dt.timedelta(seconds=CALM_SECONDS):
        return Standing(level=before.level, since=before.since, calm_since=calm_since)
    return Standing(level=Level(before.level - 1), since=now, calm_since=now)


def _of_lanes(lanes: Sequence[LaneBacklog], bounds: Bounds) -> list[tuple[Level, str]]:
    found = []
    for lane in lanes:
        if lane.lane in LANES_THAT_REST:
            continue
        if lane.oldest_seconds > bounds.slow_seconds:
            level = Level.SHED if lane.oldest_seconds > bounds.shed_seconds else Level.SLOW
            work = lane_word(lane.lane)
            found.append((level, f"the oldest work in {work} has waited {lane.oldest_seconds:.0f} s for a worker"))
        # Nothing done at all is no measure of drain: either no worker is there, which age tells, or the other system
        # is away, which its breaker tells; slowing ourselves down would help neither.
        drain = lane.done_per_minute / 60
        if drain and lane.pressing > max(LEAST_DEPTH, drain * bounds.drain_seconds):
            minutes = lane.pressing / drain / 60
            found.append((Level.SLOW, f"{lane.pressing} jobs in {lane_word(lane.lane)} are {minutes:.0f} min of work"))
    return found


def _of_gauges(gauges: Gauges, bounds: Bounds) -> list[tuple[Level, str]]:
    found = []
    if not gauges.writable:
        found.append((Level.PROTECT, "the database takes no writes"))
    if gauges.disk_free < bounds.disk_shed:
        level = Level.PROTECT if gauges.disk_free < bounds.disk_protect else Level.SHED
        found.append((level, f"{gauges.disk_free:.0%} of the disk is free"))
    if gauges.wal_held is not None and gauges.wal_held > bounds.wal_shed:
        level = Level.PROTECT if gauges.wal_held > bounds.wal_protect else Level.SHED
        size = f"{gauges.wal_held / 1e9:.1f} GB of the database's log"
        found.append((level, f"{size} are kept for a copy or an archive that is behind"))
    if gauges.connections_used > bounds.connections:
        found.append((Level.SHED, f"{gauges.connections_used:.0%} of the database's connections are in use"))
    if gauges.redis_used is not None and gauges.redis_used > bounds.redis:
        found.append((Level.SHED, f"{gauges.redis_used:.0%} of the broker's memory is in use"))
    return found
