"""Whatever is done in whatever order: every failed thing has exactly one open case, and none is open without one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distportal.accounts.models import User
from distportal.events import effects
from distportal.events.base import Event
from distportal.events.choices import DeliveryState, JobState
from distportal.events.errors import GiveUp
from distportal.events.jobs import enqueue_job
from distportal.events.models import Job, OutboxDelivery
from distportal.events.outbox import publish
from distportal.events.sweeper import work_lane
from exceptions.models import Case
from exceptions.process.letters.redriving import redrive
from exceptions.process.letters.settling import watch_letters
from exceptions.process.watching import watch_cases
from exceptions.queries import open_cases
from exceptions.registry import REDELIVER, REPROCESS
from exceptions.resolutions import discard
from orders.models import Order
from orders.process.closing import reject_held_order
from orders.process.corrections import correct_order
from orders.process.intake import place_order
from orders.process.orchestration import decide_order
from tests.conftest import Cast
from tests.events import kinds
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
STEPS = (
    "place", "place_wrong", "correct", "correct_wrong", "reject", "decide", "job", "event", "again", "undone",
    "elsewhere", "mended", "watch",
)  # fmt: skip
_numbers = count(1)
"""Rows of one example are there in the next one."""


class Shop:
    """Orders, jobs and events that fail and are mended, through the processes that people and workers use."""

    def __init__(self, user: User) -> None:
        self.works, self.user = False, user
        kinds.behaviour.update(work=self.work, strict=self.work)

    def work(self, _: Mapping[str, Any]) -> None:
        if not self.works:
            raise GiveUp("it does not work")

    def do(self, step: str) -> None:
        self.count = next(_numbers)
        held = Order.objects.filter(status="held").order_by("pk").first()
        if step in ("place", "place_wrong"):
            price = "0.30" if step == "place_wrong" else None
            place_order(order=asked(("FST-10001", "1", "EA", price), po=f"P{self.count}"), source_key=f"p:{self.count}")
        elif step in ("correct", "correct_wrong") and held:
            price = "0.31" if step == "correct_wrong" else ""
            correct_order(
                order_id=held.pk, version=held.version, changes={"line.1.unit_price": price}, reason="x", actor="x"
            )
        elif step == "reject" and held:
            reject_held_order(order_id=held.pk, reason="withdrawn")
        elif step == "decide" and held:
            decide_order(order_id=held.pk)
        elif step == "job":
            enqueue_job("test.work", key=str(self.count))
        elif step == "mended":
            self.works = not self.works
        elif step in ("event", "again", "undone", "elsewhere"):
            self.do_dead(step)
        elif step == "watch":
            watch_letters()
            watch_cases()
        work_lane("bulk")
        work_lane("relay")

    def do_dead(self, step: str) -> None:
        dead = open_cases().filter(kind__startswith="dead.").order_by("number").first()
        if step == "event":
            with transaction.atomic():
                thing = str(self.count % 2)
                publish(Event(type="thing.happened", aggregate_type="thing", aggregate_id=thing, payload={}))
        elif step == "again" and dead:
            act = REPROCESS if dead.kind == "dead.job" else REDELIVER
            redrive(case_id=dead.pk, act=act, reason="again", user=self.user)
        elif step == "undone" and dead:
            discard(dead, {}, "not needed", self.user)
        elif step == "elsewhere" and dead and dead.kind == "dead.job":
            enqueue_job("test.work", key=dead.data["key"])


def subjects(kind: str, subject: str) -> list[str]:
    rows = Case.objects.exclude(status="resolved").filter(subject_type=subject, kind__startswith=kind)
    return sorted(rows.values_list("subject_id", flat=True))


@given(steps=st.lists(st.sampled_from(STEPS), min_size=6, max_size=14))
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_failed_thing_has_one_open_case_and_no_case_is_open_without_one(
    cast: Cast, synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch, steps: list[str]
) -> None:
    monkeypatch.setattr(effects, "MAX_ATTEMPTS", 1)
    shop = Shop(cast.agent)
    for step in ("place_wrong", "job", "event", *steps):
        shop.do(step)
        held = Order.objects.filter(status="held").values_list("pk", flat=True)
        dead = Job.objects.filter(kind="test.work", state=JobState.DEAD).values_list("id", flat=True)
        assert subjects("order.", "order") == sorted(map(str, held)), f"after {step}"
        assert subjects("dead.job", "job") == sorted(map(str, dead)), f"after {step}"
        lost = OutboxDelivery.objects.filter(state=DeliveryState.DEAD).values_list("pk", flat=True)
        assert subjects("dead.delivery", "delivery") == sorted(map(str, lost)), f"after {step}"
