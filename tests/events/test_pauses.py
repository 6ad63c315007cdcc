"""A paused flow: its work waits, nothing is lost or counted, and somebody's reason stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction

from distportal.events.backlog import backlog
from distportal.events.jobs import enqueue_job
from distportal.events.models import FlowSwitch, Job, PausedKind
from distportal.events.pauses import AlreadySo, ReasonMissing, UnknownFlow, pause_kind, resume_kind
from distportal.events.registry import job_handler
from distportal.events.running import run_job

pytestmark = pytest.mark.django_db
KIND = "tests.restful"
ran: list[str] = []


@job_handler(KIND, lane="orders")
def restful(payload: Mapping[str, Any]) -> None:
    ran.append(payload["_key"])


@pytest.fixture
def job() -> Job:
    ran.clear()
    with transaction.atomic():
        enqueue_job(KIND, key="one")
    return Job.objects.get(kind=KIND)


def test_paused_work_waits_uncounted_and_goes_on_when_resumed(job: Job) -> None:
    pause_kind(kind=KIND, reason="ERP upgrade", actor="operator@northline.example")
    assert run_job(job.pk)
    job.refresh_from_db()
    assert (ran, job.state, job.attempts, job.lease_token) == ([], "ready", 0, None)
    assert not run_job(job.pk)  # it looks again later, not each second
    assert resume_kind(kind=KIND, reason="done", actor="operator@northline.example") == 1
    assert run_job(job.pk)
    assert ran == ["one"]
    assert list(FlowSwitch.objects.order_by("pk").values_list("action", "reason")) == [
        ("paused", "ERP upgrade"),
        ("resumed", "done"),
    ]


def test_a_switch_needs_a_reason_a_known_flow_and_a_change(job: Job) -> None:
    with pytest.raises(ReasonMissing):
        pause_kind(kind=KIND, reason="  ", actor="a")
    with pytest.raises(UnknownFlow):
        pause_kind(kind="nobody.knows", reason="x", actor="a")
    with pytest.raises(AlreadySo):
        resume_kind(kind=KIND, reason="x", actor="a")
    pause_kind(kind=KIND, reason="x", actor="a")
    with pytest.raises(AlreadySo, match="paused already by a: x"):
        pause_kind(kind=KIND, reason="y", actor="b")
    assert PausedKind.objects.get().reason == "x"
    assert FlowSwitch.objects.count() == 1


def test_the_backlog_tells_each_lane(job: Job) -> None:
    found = {row.lane: row for row in backlog()}
    assert (found["orders"].ready, found["orders"].held) == (1, 0)
    assert (found["bulk"].ready, found["bulk"].oldest_seconds) == (0, 0.0)
