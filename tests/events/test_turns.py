"""Accounts take turns: ten thousand orders of one hold up no other."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from distportal.common.redis_client import broker_redis
from distportal.events import sweeper, turns
from distportal.events.choices import JobState
from distportal.events.hints import hints_waiting
from distportal.events.jobs import claim_job, enqueue_job
from distportal.events.models import Job
from distportal.events.registry import job_handler
from distportal.events.running import run_job
from distportal.events.sweeper import due_jobs, work_lane
from tests.at_once import at_once

taken: list[str] = []


@job_handler("test.share", lane="orders")
def share_work(payload: Mapping[str, Any]) -> None:
    """Note whose work it was."""
    taken.append(payload["share"])


@pytest.fixture(autouse=True)
def nobody_was_served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(turns, "_last", {})
    taken.clear()
    yield
    taken.clear()


def flood(share: str, count: int) -> None:
    """`count` due jobs of one account, the older the lower their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO events_job (id, lane, kind, key, share, payload, state, next_at, attempts, max_attempts,
                                       last_error, correlation_id, created_at)
               SELECT gen_random_uuid(), 'orders', 'test.share', %s || n, %s, jsonb_build_object('share', %s::text),
                      'ready', clock_timestamp() - interval '1 hour' + n * interval '100 milliseconds', 0, 5, '',
                      gen_random_uuid(), clock_timestamp() FROM generate_series(1, %s) AS n""",
            [share, share, share, count],
        )


@pytest.mark.django_db
def test_the_due_work_of_ten_thousand_and_of_three_is_listed_in_turns() -> None:
    flood("BIG", 10_000)
    flood("SMALL", 3)
    flood("TINY", 1)
    listed = [Job.objects.get(pk=pk).share for pk, _ in due_jobs(limit=10)]
    assert Counter(listed[:3]) == {"BIG": 1, "SMALL": 1, "TINY": 1}
    assert Counter(listed) == {"BIG": 6, "SMALL": 3, "TINY": 1}


@pytest.mark.django_db
def test_within_an_account_the_oldest_comes_first() -> None:
    flood("BIG", 50)
    keys = [Job.objects.get(pk=pk).key for pk, _ in due_jobs(limit=50)]
    assert keys == [f"BIG{n}" for n in range(1, 51)]


@pytest.mark.django_db
def test_who_is_told_of_one_accounts_work_takes_the_next_accounts() -> None:
    flood("BIG", 10_000)
    flood("SMALL", 3)
    hints = list(Job.objects.filter(share="BIG").order_by("next_at").values_list("pk", flat=True)[:8])
    assert all(run_job(job_id) for job_id in hints)
    assert taken == ["BIG", "SMALL", "BIG", "SMALL", "BIG", "SMALL", "BIG", "BIG"]


@pytest.mark.django_db
def test_work_for_nobody_in_particular_is_not_held_up_either() -> None:
    flood("BIG", 1000)
    enqueue_job("test.share", key="house", payload={"share": "house"})
    assert run_job(Job.objects.get(key="house").pk)
    assert taken == ["house"]
    assert work_lane("orders", limit=5) == 5


@pytest.mark.django_db
def test_what_is_held_or_not_due_is_passed_over() -> None:
    flood("ANNA", 2)
    flood("BERT", 1)
    enqueue_job("test.share", key="later", payload={"share": "CARL"}, share="CARL", delay=600)
    held = Job.objects.get(key="ANNA1")
    assert claim_job(held.pk)
    assert [Job.objects.get(pk=pk).key for pk, _ in due_jobs()] == ["BERT1", "ANNA2"]
    for _ in range(3):
        run_job(Job.objects.get(key="BERT1").pk)
    assert sorted(taken) == ["ANNA", "BERT"]
    assert set(Job.objects.filter(state=JobState.READY).values_list("key", flat=True)) == {"ANNA1", "later"}


@pytest.mark.django_db(transaction=True)
def test_eight_workers_do_each_job_once_and_the_small_ones_first() -> None:
    flood("BIG", 200)
    flood("SMALL", 5)
    hints = list(Job.objects.filter(share="BIG").order_by("next_at").values_list("pk", flat=True))

    def work(part: int) -> int:
        return sum(run_job(job_id) for job_id in hints[part::8][:5])

    done = sum(at_once(*[lambda part=part: work(part) for part in range(8)]))
    assert done == len(taken) == Job.objects.filter(state=JobState.DONE).count()
    assert 30 <= done <= 40  # a worker that was too late three times leaves its turn to the sweeper
    assert Counter(taken)["SMALL"] == 5


def rows_read(plan: dict[str, Any]) -> float:
    """How many rows of jobs the plan touched, those that a filter threw away too."""
    here = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if plan.get("Relation Name") else 0
    return float(here * plan["Actual Loops"] + sum(rows_read(part) for part in plan.get("Plans", ())))


@pytest.mark.django_db
def test_listing_turns_reads_no_more_of_a_deep_lane_than_it_gives() -> None:
    flood("BIG", 50_000)
    for number in range(40):
        flood(f"D{number:02d}", 2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_job")
    assert len(due_jobs(limit=100)) == 100
    values = {"older": 0, "from": "", "only": "", "limit": 100, "resting": [], "never_waiting": []}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {turns._DUE}", values)
        [[told]] = cursor.fetchall()
    # 100 of the big share, 80 of the small ones, and one look a share to find the next
    assert 180 <= rows_read(told[0]["Plan"]) < 500


@pytest.mark.django_db
def test_a_lane_is_told_of_no_more_than_its_workers_can_look_at() -> None:
    flood("BIG", 700)
    told: list[str] = []
    with (
        patch.object(sweeper, "hints_waiting", lambda lanes: dict.fromkeys(lanes, 480)),
        patch.object(sweeper, "hint_job", lambda job_id, lane: told.append(lane)),
    ):
        sweeper.sweep_once()
    assert told == ["orders"] * 20


@pytest.mark.django_db
def test_the_relay_hears_only_of_what_no_hint_waits_for() -> None:
    aggregates = [("order", str(number)) for number in range(40)]
    told: list[str] = []
    with (
        patch.object(sweeper, "hints_waiting", lambda lanes: dict.fromkeys(lanes, 20)),
        patch.object(sweeper, "due_aggregates", lambda **_: aggregates),
        patch.object(sweeper, "hint_aggregate", lambda *aggregate: told.append(aggregate[-1])),
    ):
        sweeper.sweep_once()
    assert told == [str(number) for number in range(20)], "the longest waiting ones are found again a second later"


def test_hints_are_counted_in_the_broker_by_lane() -> None:
    lane, empty = f"t-{uuid.uuid4().hex[:8]}", f"t-{uuid.uuid4().hex[:8]}"
    broker_redis().rpush(lane, "one", "two")
    assert hints_waiting([lane, empty]) == {lane: 2, empty: 0}
    broker_redis().delete(lane)
