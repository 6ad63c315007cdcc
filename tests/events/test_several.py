"""Where many jobs of a kind are due, a worker does several first tries at once; each has a verdict of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.db import transaction

from distportal.common.errors import Invalid
from distportal.events.choices import JobState
from distportal.events.clock import database_now
from distportal.events.errors import GiveUp, RetryLater
from distportal.events.jobs import JobRequest, enqueue_job, enqueue_jobs
from distportal.events.models import Job
from distportal.events.pauses import pause_kind, resume_kind
from distportal.events.registry import job_handler, several_handler
from distportal.events.running import MOST_SEVERAL, OTHERS, run_job
from distportal.events.sweeper import work_lane
from exceptions.models import Case
from tests.at_once import at_once
from tests.died import Died

KIND, LANE = "test.several", "orders"
alone: list[str] = []
together: list[list[str]] = []
stories: set[uuid.UUID] = set()
answers: dict[str, Exception] = {}
meanwhile: list[Callable[[], None]] = []


@job_handler(KIND, lane=LANE, max_attempts=2)
def do_one(payload: Mapping[str, Any]) -> None:
    """Note whose turn it was."""
    alone.append(payload["_key"])
    if error := answers.get(payload["_key"]):
        raise error


@several_handler(KIND)
def do_several(payloads: Sequence[Mapping[str, Any]]) -> Sequence[Exception | None]:
    """The same of all."""
    together.append([one["_key"] for one in payloads])
    stories.update(one["_story"] for one in payloads)
    for does in meanwhile:
        does()
    return [answers.get(one["_key"]) for one in payloads]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    for kept in (alone, together, stories, answers, meanwhile):
        kept.clear()


def due(count: int, *, share: str = "A") -> list[Job]:
    """So many jobs, the first ones the oldest."""
    with transaction.atomic():
        enqueue_jobs(KIND, [JobRequest(key=f"{share}{n:02}", payload={}, share=share) for n in range(count)])
    rows = list(Job.objects.filter(kind=KIND, share=share).order_by("key"))
    since = database_now() - dt.timedelta(hours=1)
    for at, row in enumerate(rows):
        Job.objects.filter(pk=row.pk).update(next_at=since + dt.timedelta(seconds=at))
    return rows


def state(key: str) -> tuple[str, int]:
    row = Job.objects.get(kind=KIND, key=key)
    return row.state, row.attempts


@pytest.mark.django_db
def test_a_worker_takes_its_part_of_what_is_due_the_oldest_first() -> None:
    rows = due(OTHERS * 3)
    assert run_job(rows[-1].pk)
    assert (together, alone) == ([["A00", "A01", "A02"]], [])
    assert [state(key) for key in ("A00", "A02", "A03")] == [("done", 1), ("done", 1), ("ready", 0)]
    assert run_job(rows[0].pk), "the hint of one that is done stands for others"
    assert together[1:] == [["A03", "A04"]]


@pytest.mark.django_db
def test_no_more_at_once_than_may_and_accounts_take_turns() -> None:
    rows = due(OTHERS * MOST_SEVERAL * 2)
    due(1, share="B")
    run_job(rows[0].pk)
    assert len(together[0]) == MOST_SEVERAL
    assert Counter(key[0] for key in together[0]) == {"A": MOST_SEVERAL - 1, "B": 1}


@pytest.mark.django_db
def test_what_little_is_due_is_done_one_by_one() -> None:
    for row in due(OTHERS):
        assert run_job(row.pk)
    assert (alone, together) == (["A00", "A01", "A02", "A03"], [])


@pytest.mark.django_db
def test_each_has_the_verdict_of_its_own_error() -> None:
    answers.update(
        A00=RetryLater("busy", after=30.0, counts=False), A01=GiveUp("never"), A02=Invalid("no such thing"),
        A03=ValueError("a mistake of ours"),
    )  # fmt: skip
    rows = due(OTHERS * 5)
    run_job(rows[0].pk)
    assert [state(f"A0{n}") for n in range(5)] == [("ready", 0), ("dead", 1), ("dead", 1), ("ready", 1), ("done", 1)]
    found = {row.key: row for row in Job.objects.filter(kind=KIND)}
    assert found["A00"].next_at > database_now()
    assert "a mistake of ours" in found["A03"].last_error
    assert Case.objects.filter(kind="dead.job").count() == 2
    assert stories == {row.correlation_id for row in rows[:5]}


@pytest.mark.django_db
def test_what_was_tried_before_goes_by_itself() -> None:
    answers["A00"] = ValueError("once")
    rows = due(OTHERS * 3)
    run_job(rows[0].pk)
    answers.clear()
    Job.objects.filter(pk=rows[0].pk).update(next_at=database_now() - dt.timedelta(days=1))
    assert run_job(rows[-1].pk), "another one's hint"
    assert together == [["A00", "A01", "A02"], ["A03", "A04"]]
    assert run_job(rows[0].pk), "its own hint"
    assert alone == ["A00"]
    assert state("A00") == ("done", 2)


@pytest.mark.django_db
def test_one_that_was_asked_for_again_meanwhile_runs_again() -> None:
    rows = due(OTHERS * 2)
    meanwhile.append(lambda: enqueue_job(KIND, key="A00", share="A"))
    run_job(rows[0].pk)
    assert [state("A00"), state("A01")] == [("ready", 0), ("done", 1)]


@pytest.mark.django_db
def test_jobs_whose_process_ended_are_done_one_by_one_after_their_lease() -> None:
    def die() -> None:
        raise Died

    rows = due(OTHERS * 2)
    meanwhile.append(die)
    with pytest.raises(Died):
        run_job(rows[0].pk)
    assert (state("A00"), state("A01")) == (("ready", 1), ("ready", 1))
    assert not {"A00", "A01"} & {key for keys in together[1:] for key in keys}
    meanwhile.clear()
    Job.objects.filter(lease_token__isnull=False).update(lease_until=database_now() - dt.timedelta(days=1))
    while work_lane(LANE):
        pass
    assert {"A00", "A01"} <= set(alone), "nobody can tell whose death it was"
    assert set(Job.objects.filter(kind=KIND).values_list("state", flat=True)) == {JobState.DONE}
    assert Counter([*alone, *(key for keys in together[1:] for key in keys)]) == Counter(row.key for row in rows)


@pytest.mark.django_db
def test_a_paused_kind_rests_and_no_try_is_counted() -> None:
    rows = due(OTHERS * 2)
    pause_kind(kind=KIND, reason="maintenance", actor="a test")
    for row in rows:
        run_job(row.pk)
    assert (together, alone) == ([], [])
    assert {state(row.key) for row in rows} == {("ready", 0)}
    resume_kind(kind=KIND, reason="over", actor="a test")
    while work_lane(LANE):
        pass
    assert {state(row.key) for row in rows} == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_do_each_once() -> None:
    rows = due(OTHERS * 6)

    def work() -> None:
        for row in rows:
            run_job(row.pk)

    at_once(work, work, work)
    done = Counter([*alone, *(key for keys in together for key in keys)])
    assert done == Counter(row.key for row in rows)
    assert {state(row.key) for row in rows} == {("done", 1)}
