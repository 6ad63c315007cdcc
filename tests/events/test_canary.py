"""Each lane has its canary: it is heard while somebody works the lane, and missed when nobody does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from distportal.celery import app
from distportal.events.canary import LATE, silent_lanes
from distportal.events.canary_names import EVERY_SECONDS, canary_kind
from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.events.models import Heartbeat, Job
from distportal.events.registry import job_kind
from distportal.events.schedule import tick
from distportal.events.sweeper import work_lane

pytestmark = pytest.mark.django_db


def figures() -> str:
    return Client().get("/metrics").content.decode()


def test_every_lane_has_one_in_the_schedule_and_in_its_own_queue() -> None:
    for lane in settings.LANES:
        planned = app.conf.beat_schedule[canary_kind(lane)]
        assert (planned["schedule"], planned["options"]) == (EVERY_SECONDS, {"queue": lane})
        known = job_kind(canary_kind(lane))
        assert known
        assert known.lane == lane


def test_it_is_heard_in_its_lane_and_in_no_other() -> None:
    tick(canary_kind("orders"), EVERY_SECONDS)
    tick(canary_kind("mail"), EVERY_SECONDS)
    assert work_lane("orders") == 1
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["lane:orders"]
    assert Job.objects.get(kind=canary_kind("mail")).state == "ready"
    told = figures()
    assert 'portal_lane_canary_seconds{lane="orders"}' in told
    assert 'portal_lane_canary_waited_seconds{lane="orders"}' in told
    assert 'portal_lane_canary_waited_seconds{lane="mail"}' not in told


def test_a_lane_that_nobody_ever_worked_is_silent_once_its_first_canary_is_late() -> None:
    tick(canary_kind("orders"), EVERY_SECONDS)
    assert silent_lanes() == []
    Job.objects.filter(kind=canary_kind("orders")).update(next_at=database_now() - LATE - dt.timedelta(seconds=1))
    assert silent_lanes() == ["orders"]
    seconds = next(line for line in figures().splitlines() if line.startswith("portal_lane_canary_seconds{"))
    assert float(seconds.split()[1]) > LATE.total_seconds()
    assert work_lane("orders") == 1
    assert silent_lanes() == []


def test_it_is_heard_while_the_lanes_work_rests(press: Any) -> None:
    press(Level.PROTECT)
    tick(canary_kind("bulk"), EVERY_SECONDS)
    assert work_lane("bulk") == 1
    assert Heartbeat.objects.filter(name="lane:bulk").exists()


def test_a_lane_that_is_silent_is_told_and_no_reason_to_stop() -> None:
    now = database_now()
    Heartbeat.objects.create(name="lane:orders", beat_at=now - LATE - dt.timedelta(seconds=1))
    Heartbeat.objects.create(name="lane:mail", beat_at=now)
    Heartbeat.objects.create(name="sweeper", beat_at=now - LATE * 9)
    assert silent_lanes() == ["orders"]
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["lanes"]) == (200, "nothing heard of orders")
