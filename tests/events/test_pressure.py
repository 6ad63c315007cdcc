"""Pressure as it is measured, kept and read, and what it does to work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection

from distportal.events import pressure as reading
from distportal.events.backlog import backlog
from distportal.events.choices import JobState, Level
from distportal.events.errors import TakesNoOrders
from distportal.events.gauges import Gauges, read_gauges
from distportal.events.jobs import claim_job, enqueue_job, postpone_job
from distportal.events.measuring import measure_if_due, store_pressure
from distportal.events.models import Job, Pressure, ScheduleRun
from distportal.events.pauses import pause_kind
from distportal.events.pressure import pressure, require_order_intake, spread_seconds
from distportal.events.registry import job_handler
from distportal.events.running import run_job
from distportal.events.schedule import tick
from distportal.events.sweeper import due_jobs, work_lane
from tests.at_once import at_once
from tests.events import kinds

pytestmark = pytest.mark.django_db
CALM = Gauges(connections_used=0.1, disk_free=0.9, redis_used=None, writable=True)
Press = Callable[[Level], None]


@job_handler("test.order", lane="orders")
def order(_: Any) -> None:
    """Work that never waits for calmer times."""
    kinds.jobs_done.append({"kind": "order"})


@job_handler("test.huge", lane="bulk", never_waits=True)
def huge(_: Any) -> None:
    """Order acceptance in the lane for what takes long."""
    kinds.jobs_done.append({"kind": "huge"})


@job_handler("test.look", lane="orders", slows=True)
def look(_: Any) -> None:
    """A look into mailboxes."""


@job_handler("test.refresh", lane="orders", stops_at=Level.SHED)
def refresh(_: Any) -> None:
    """A refresh that can be left out."""


def age(kind: str, seconds: int) -> None:
    """The jobs of the kind have been due, and asked for, that long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_job SET next_at = clock_timestamp() - make_interval(secs => %s),"
            " created_at = clock_timestamp() - make_interval(secs => %s) WHERE kind = %s",
            [seconds, seconds, kind],
        )


def measured() -> Level:
    return Level(store_pressure(lanes=backlog(), gauges=CALM).level)


def test_what_waits_for_a_worker_raises_the_level_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue_job("test.order", key="a")
    age("test.order", 400)
    assert measured() == Level.SHED
    monkeypatch.setattr(reading, "_kept", None)
    assert pressure().level == Level.SHED
    assert pressure().reasons == ("the oldest work in orders has waited 400 s for a worker",)


def test_paused_kinds_and_resting_lanes_press_nobody() -> None:
    enqueue_job("test.order", key="a")
    enqueue_job("test.work", key="b")
    age("test.order", 400)
    age("test.work", 4000)
    pause_kind(kind="test.order", reason="month-end", actor="operator")
    assert measured() == Level.NORMAL


def test_a_job_that_a_worker_holds_does_not_wait_for_one() -> None:
    enqueue_job("test.order", key="a")
    age("test.order", 400)
    Job.objects.update(lease_until="2999-01-01T00:00Z")
    assert measured() == Level.NORMAL


@pytest.mark.django_db(transaction=True)
def test_of_eight_sweepers_one_measures() -> None:
    assert sum(at_once(*[measure_if_due] * 8)) >= 1
    assert sum(at_once(*[measure_if_due] * 8)) == 0
    Pressure.objects.update(measured_at="2020-01-01T00:00Z")
    assert sum(at_once(*[measure_if_due] * 8)) == 1


def test_the_real_gauges_are_parts_of_a_whole() -> None:
    found = read_gauges()
    assert 0 < found.connections_used < 1
    assert 0 < found.disk_free <= 1
    assert found.writable
    assert found.wal_held == 0  # nothing is copied, and the log is no longer than it always is


def test_arrivals_and_completions_are_counted_once() -> None:
    measured()
    for key in "abc":
        enqueue_job("test.order", key=key)
    work_lane("orders", limit=2)
    measured()
    enqueue_job("test.order", key="d")
    work_lane("orders")
    row = store_pressure(lanes=backlog(), gauges=CALM)
    assert (row.lanes["orders"]["arrived_total"], row.lanes["orders"]["done_total"]) == (4, 4)


def test_bulk_work_waits_and_order_acceptance_in_its_lane_does_not(press: Press) -> None:
    press(Level.SLOW)
    enqueue_job("test.work", key="a")
    enqueue_job("test.huge", key="b")
    enqueue_job("test.order", key="c")
    assert {lane for _, lane in due_jobs()} == {"bulk", "orders"}
    assert len(due_jobs()) == 2
    assert not run_job(Job.objects.get(kind="test.work").pk)
    assert work_lane("bulk") + work_lane("orders") == 2
    waiting = Job.objects.get(state=JobState.READY)
    assert (waiting.kind, waiting.attempts) == ("test.work", 0)
    press(Level.NORMAL)
    assert work_lane("bulk") == 1


def test_looks_into_mailboxes_are_four_times_rarer_and_refreshes_stop(press: Press) -> None:
    for level, stretch, refreshed in ((0, 1, True), (1, 4, True), (2, 4, False), (3, 4, False)):
        ScheduleRun.objects.all().delete()
        Job.objects.all().delete()
        press(Level(level))
        tick("test.look", 1_000_000.0)
        slot = ScheduleRun.objects.get(name="test.look").slot
        assert slot == int(Pressure.objects.get().measured_at.timestamp() // (1_000_000 * stretch))
        assert tick("test.refresh", 3600.0) is refreshed


def test_orders_are_refused_at_the_last_level_only(press: Press) -> None:
    for level in (Level.NORMAL, Level.SLOW, Level.SHED):
        press(level)
        require_order_intake()
    press(Level.PROTECT)
    with pytest.raises(TakesNoOrders) as caught:
        require_order_intake()
    assert caught.value.data == {"retry_after": 60}


def test_a_level_that_nobody_measures_any_more_ends(press: Press) -> None:
    press(Level.SHED)
    Pressure.objects.update(measured_at="2020-01-01T00:00Z")
    assert pressure().level == Level.NORMAL


def test_a_database_that_is_away_or_takes_no_writes_protects(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press(Level.NORMAL)
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert pressure().reasons == ("the database takes no writes",)
    monkeypatch.setattr(reading, "_kept", None)
    with patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        assert pressure().level == Level.PROTECT
        assert pressure().level == Level.PROTECT  # kept: a database that is away is not asked each time


def test_a_process_asks_once_in_two_seconds(press: Press, django_assert_num_queries: Any) -> None:
    press(Level.SLOW)
    with django_assert_num_queries(1):
        assert [pressure().level for _ in range(50)] == [Level.SLOW] * 50


def test_refused_work_of_a_deep_lane_comes_back_spread(press: Press) -> None:
    press(Level.NORMAL)
    assert spread_seconds("orders") == 0.0
    Pressure.objects.update(lanes={"orders": {"pressing": 400, "done_per_minute": 600}})
    reading.forget_pressure()
    assert spread_seconds("orders") == 40.0
    dues = set()
    for key in range(20):
        enqueue_job("test.order", key=str(key))
        job = claim_job(Job.objects.get(key=str(key)).pk)
        assert job
        postpone_job(job, reason="no token", after=0.1, counts=False)
        job.refresh_from_db()
        dues.add(round((job.next_at - job.created_at).total_seconds()))
    assert max(dues) <= 41
    assert len(dues) > 8
