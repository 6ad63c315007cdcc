"""A beat whose broker goes and comes back says so twice, whatever number of ticks it could not send meanwhile."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from celery.beat import Scheduler
from structlog.testing import capture_logs

from distportal.celery import app, broker_url
from distportal.embedded import redis
from distportal.events.ticking import TickScheduler

NAMES = ("one", "two", "three", "four", "five")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Of a broker of the test's own, which runs."""
    redis.start(tmp_path, "broker")
    yield tmp_path
    redis.stop(tmp_path, "broker")


@pytest.fixture
def scheduler(folder: Path) -> Iterator[TickScheduler]:
    """Five ticks that are always due, for that broker, and no task of ours behind them."""
    made = Celery("ticking", broker=broker_url(redis.start(folder, "broker")), set_as_current=False)
    made.conf.update(
        task_publish_retry=False,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 1},
        beat_schedule={name: {"task": f"test.{name}", "schedule": 0.0, "args": (name,)} for name in NAMES},
    )
    found = TickScheduler(made, schedule_filename=str(folder / "schedule"))
    yield found
    found.close()
    made.close()


def kill(folder: Path) -> None:
    os.kill(int((folder / "redis-broker" / "pid").read_text()), signal.SIGKILL)
    while redis.running(folder, "broker"):
        time.sleep(0.01)


def tick(scheduler: Scheduler) -> None:
    for name in NAMES:
        scheduler.apply_entry(scheduler.schedule[name], producer=scheduler.producer)


def test_the_portals_beat_is_this_one() -> None:
    assert app.conf.beat_scheduler == f"{TickScheduler.__module__}:{TickScheduler.__name__}"


def test_a_broker_that_goes_and_comes_back_is_told_twice(folder: Path, scheduler: TickScheduler) -> None:
    with capture_logs() as told:
        tick(scheduler)
        assert told == []
        kill(folder)
        for _ in range(3):
            tick(scheduler)
        assert [(line["event"], line["log_level"]) for line in told] == [("beat.broker_away", "warning")]
        assert "Error" in told[0]["error"], "why it is away"
        redis.start(folder, "broker")
        for _ in range(3):
            tick(scheduler)
    [_, back] = told
    assert (back["event"], back["log_level"], back["ticks_missed"]) == ("beat.broker_back", "warning", 15)


def test_what_is_wrong_with_a_tick_itself_is_told_with_its_traceback(scheduler: TickScheduler) -> None:
    scheduler.schedule["one"].args = (object(),)
    with capture_logs() as told:
        tick(scheduler)
        tick(scheduler)
    assert [(line["event"], line["tick"], line["exc_info"]) for line in told] == [("beat.tick_failed", "one", True)] * 2
