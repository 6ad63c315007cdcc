"""Whether a system is well, by how its calls ended: a refusal is an answer, silence is none."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from distportal.events.clock import database_now
from distportal.systems.answering import silent_systems
from distportal.systems.models import SystemCall
from distportal.systems.status import ConnectionStatus, connections

pytestmark = pytest.mark.django_db
SYSTEM = "erp-default"


def called(outcome: str, code: str = "", minutes: int = 0) -> None:
    at = database_now() - dt.timedelta(minutes=minutes)
    SystemCall.objects.create(
        system=SYSTEM, call="advance_order", outcome=outcome, error_code=code, duration_ms=5.0, ended_at=at,
        correlation_id="22926e4a-0000-4000-8000-000000000001",
    )  # fmt: skip


def default() -> ConnectionStatus:
    return next(row for row in connections() if row.name == "default")


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("rejected", "erp.ship_to_unknown"), ("conflict", "erp.state_conflict"), ("outofstep", "erp.cursor_unknown")],
)
def test_who_says_no_is_there(outcome: str, code: str) -> None:
    called("ok", minutes=2)
    called(outcome, code)
    told = default()
    assert (told.word, told.failed, told.refused, told.last_error) == ("active", 0, 1, "")
    assert silent_systems() == []


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("transient", "erp.unreachable"),
        ("unknownoutcome", "erp.no_verdict"),
        ("authfailed", "erp.auth"),
        ("crashed", ""),
    ],
)
def test_who_does_not_answer_is_in_trouble_until_it_does(outcome: str, code: str) -> None:
    called("ok", minutes=2)
    called(outcome, code, minutes=1)
    assert (default().word, default().failed, default().refused) == ("failed", 1, 0)
    assert silent_systems() == [SYSTEM]
    called("rejected", "erp.ship_to_unknown")
    assert default().word == "active"
    assert silent_systems() == []


def test_what_says_nothing_of_the_system_changes_nothing() -> None:
    called("transient", "erp.unreachable", minutes=3)
    called("transient", "erp.busy", minutes=2)
    called("unmapped", "erp.unmapped_item", minutes=1)
    assert silent_systems() == [SYSTEM]
    SystemCall.objects.all().delete()
    called("ok", minutes=3)
    called("transient", "erp.busy", minutes=2)
    called("misconfigured", "erp.unmapped_unit", minutes=1)
    assert silent_systems() == []
    assert default().word == "active"


def test_a_probe_tells_of_it_and_stays_ready_and_forgets_what_is_long_ago() -> None:
    called("transient", "erp.unreachable")
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["systems"]) == (200, f"no answer of {SYSTEM}")
    SystemCall.objects.update(ended_at=database_now() - dt.timedelta(minutes=16))
    assert Client().get("/health/ready").json()["checks"]["systems"] == "ok"
