"""Jobs: one waiting row a key, claimed once, tried again, dead with a case, alive again by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction

from distportal.events.choices import JobState
from distportal.events.errors import GiveUp, RetryLater
from distportal.events.jobs import claim_job, enqueue_job, finish_job, postpone_job
from distportal.events.models import Job
from distportal.events.running import run_job
from distportal.events.sweeper import due_jobs, work_lane
from exceptions.models import Case
from exceptions.resolutions import retry
from tests.at_once import at_once
from tests.conftest import Cast
from tests.events import kinds


def only_job() -> Job:
    return Job.objects.get(kind="test.work")


def fail(error: Exception) -> Any:
    def handler(_: Mapping[str, Any]) -> None:
        raise error

    return handler


@pytest.mark.django_db
def test_ten_requests_for_the_same_work_are_one_job_and_one_run() -> None:
    for _ in range(10):
        enqueue_job("test.work", key="a", payload={"n": 1})
    assert Job.objects.count() == 1
    assert work_lane("bulk") == 1
    assert [dict(p)["n"] for p in kinds.jobs_done] == [1]
    assert only_job().state == JobState.DONE
    assert work_lane("bulk") == 0


@pytest.mark.django_db
def test_a_job_of_a_rolled_back_change_does_not_exist() -> None:
    with transaction.atomic():
        enqueue_job("test.work", key="a")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_a_kind_nobody_handles_is_refused_at_once() -> None:
    with pytest.raises(KeyError, match=r"test\.unheard"):
        enqueue_job("test.unheard", key="a")


@pytest.mark.django_db
def test_work_asked_for_while_it_runs_is_done_once_more() -> None:
    enqueue_job("test.work", key="a")
    kinds.behaviour["work"] = lambda _: enqueue_job("test.work", key="a") if len(kinds.jobs_done) == 1 else None
    assert work_lane("bulk") == 1
    assert only_job().state == JobState.READY
    assert work_lane("bulk") == 1
    assert only_job().state == JobState.DONE
    assert len(kinds.jobs_done) == 2


@pytest.mark.django_db
def test_failing_work_is_tried_as_often_as_its_kind_says_and_then_is_one_case(cast: Cast) -> None:
    kinds.behaviour["work"] = fail(ValueError("the disk is full"))
    enqueue_job("test.work", key="a")
    for _ in range(6):
        work_lane("bulk")
    job = only_job()
    assert (job.state, job.attempts, len(kinds.jobs_done)) == (JobState.DEAD, 3, 3)
    case = Case.objects.get()
    assert case.sentence == "test.work was given up: ValueError: the disk is full"
    assert (case.subject_type, case.subject_id) == ("job", str(job.pk))

    kinds.behaviour.clear()
    retry(case, {}, "the disk has room again", cast.agent)
    work_lane("bulk")
    assert only_job().state == JobState.DONE
    case.refresh_from_db()
    assert not case.is_open


@pytest.mark.django_db
def test_giving_up_makes_no_second_try() -> None:
    kinds.behaviour["work"] = fail(GiveUp("the file is not there"))
    enqueue_job("test.work", key="a")
    work_lane("bulk")
    assert (only_job().state, len(kinds.jobs_done)) == (JobState.DEAD, 1)
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_waiting_for_a_system_costs_no_attempt() -> None:
    kinds.behaviour["work"] = fail(RetryLater("the ERP rests", after=0, counts=False))
    enqueue_job("test.work", key="a")
    for _ in range(10):
        work_lane("bulk")
    assert (only_job().state, only_job().attempts) == (JobState.READY, 0)
    assert len(kinds.jobs_done) == 10
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_work_that_kills_its_process_each_time_dies_too() -> None:
    enqueue_job("test.work", key="a")
    for _ in range(3):
        # The process is killed after the claim: nothing else is written, and the lease runs out.
        assert claim_job(only_job().pk, lease=-1)
    run_job(only_job().pk)
    assert only_job().state == JobState.DEAD
    assert kinds.jobs_done == []
    assert Case.objects.get().sentence.endswith("its process ended each time before it was done")


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_cannot_settle_the_job() -> None:
    enqueue_job("test.work", key="a")
    slow = claim_job(only_job().pk, lease=-1)
    other = claim_job(only_job().pk)
    assert slow
    assert other
    assert not finish_job(slow)
    postpone_job(slow, reason="too late", after=0, counts=True)
    assert only_job().lease_token == other.lease_token
    assert finish_job(other)


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_job() -> None:
    enqueue_job("test.work", key="a")
    job_id = only_job().pk
    claims = at_once(*[lambda: claim_job(job_id)] * 8)
    assert len([claim for claim in claims if claim]) == 1
    assert only_job().attempts == 1


@pytest.mark.django_db
def test_a_job_that_is_not_due_is_not_seen() -> None:
    enqueue_job("test.work", key="a", delay=60)
    assert due_jobs() == []
    enqueue_job("test.work", key="a")  # somebody wants it now
    assert len(due_jobs()) == 1
