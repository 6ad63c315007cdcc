"""Which figures ask for which level, and that a level does not flap."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from distportal.events.backlog import LaneBacklog
from distportal.events.choices import Level
from distportal.events.gauges import Gauges
from distportal.events.judging import Bounds, Standing, judge, next_standing

CALM: dict[str, Any] = {"connections_used": 0.1, "disk_free": 0.9, "redis_used": 0.1, "writable": True}
NOON = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)


def level(*lanes: LaneBacklog, **gauges: Any) -> Level:
    return judge(lanes, Gauges(**{**CALM, **gauges}), Bounds())[0]


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        (LaneBacklog("orders", oldest_seconds=60), Level.NORMAL),
        (LaneBacklog("orders", oldest_seconds=61), Level.SLOW),
        (LaneBacklog("orders", oldest_seconds=301), Level.SHED),
        (LaneBacklog("orders", oldest_seconds=86_400), Level.SHED),
        (LaneBacklog("erp_write", pressing=3000, done_per_minute=600), Level.NORMAL),
        (LaneBacklog("erp_write", pressing=3001, done_per_minute=600), Level.SLOW),
        (LaneBacklog("erp_write", pressing=100, done_per_minute=1), Level.NORMAL),
        (LaneBacklog("erp_write", pressing=5000, done_per_minute=0), Level.NORMAL),
        (LaneBacklog("bulk", oldest_seconds=9999, pressing=9999, done_per_minute=1), Level.NORMAL),
        (LaneBacklog("webhooks", oldest_seconds=9999, pressing=9999, done_per_minute=1), Level.NORMAL),
    ],
)
def test_waiting_work_slows_and_sheds_but_never_refuses_orders(lane: LaneBacklog, expected: Level) -> None:
    assert level(lane) == expected


@pytest.mark.parametrize(
    ("gauges", "expected"),
    [
        ({}, Level.NORMAL),
        ({"connections_used": 0.8}, Level.NORMAL),
        ({"connections_used": 0.81}, Level.SHED),
        ({"redis_used": 0.61}, Level.SHED),
        ({"redis_used": None}, Level.NORMAL),
        ({"disk_free": 0.15}, Level.NORMAL),
        ({"disk_free": 0.149}, Level.SHED),
        ({"disk_free": 0.049}, Level.PROTECT),
        ({"writable": False}, Level.PROTECT),
        ({"wal_held": 1_000_000_000}, Level.NORMAL),
        ({"wal_held": 1_000_000_001}, Level.SHED),
        ({"wal_held": 4_000_000_001}, Level.PROTECT),
    ],
)
def test_what_the_portal_stands_on(gauges: dict[str, Any], expected: Level) -> None:
    assert level(**gauges) == expected


def test_every_reason_is_told_the_worst_first() -> None:
    slow, full = LaneBacklog("orders", oldest_seconds=70), Gauges(**{**CALM, "disk_free": 0.02})
    assert judge([slow], full, Bounds()) == (
        Level.PROTECT,
        ["2% of the disk is free", "the oldest work in orders has waited 70 s for a worker"],
    )


def test_a_copy_that_is_behind_is_told_with_its_size() -> None:
    behind = Gauges(**{**CALM, "wal_held": 4_200_000_000})
    told = "4.2 GB of the database's log are kept for a copy or an archive that is behind"
    assert judge([], behind, Bounds()) == (Level.PROTECT, [told])


def walk(*steps: tuple[float, Level, Level]) -> list[Level]:
    """The levels after measurements of (seconds since the one before, asked, asked by the eased bounds)."""
    now, standing, found = NOON, Standing(level=Level.NORMAL, since=NOON, calm_since=None), []
    for seconds, asked, eased in steps:
        now += dt.timedelta(seconds=seconds)
        standing = next_standing(standing, asked=asked, eased=eased, now=now)
        found.append(standing.level)
    return found


def test_it_rises_at_once_and_falls_one_level_after_each_calm_half_minute() -> None:
    none = Level.NORMAL
    assert walk((5, Level.PROTECT, Level.PROTECT), (5, none, none), (29, none, none), (1, none, none), (30, none, none),
                (30, none, none)) == [3, 3, 3, 2, 1, 0]  # fmt: skip


def test_figures_at_the_edge_keep_the_level() -> None:
    up, edge, down = (5, Level.SLOW, Level.SLOW), (20, Level.NORMAL, Level.SLOW), (20, Level.NORMAL, Level.NORMAL)
    assert walk(up, edge, edge, edge, edge) == [1] * 5
    assert walk(up, down, edge, down, down, down) == [1, 1, 1, 1, 1, 0]
