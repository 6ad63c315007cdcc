"""Many dead letters at once: frozen, foreseen, released at a rate, paused and ended, with an outcome for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from distportal.accounts.models import User
from distportal.events.choices import JobState, Level
from distportal.events.errors import GiveUp
from distportal.events.jobs import enqueue_job
from distportal.events.models import Job
from distportal.events.sweeper import work_lane
from exceptions.choices import CaseStatus
from exceptions.errors import CaseChanged, ReasonMissing
from exceptions.models import BulkRun, Case
from exceptions.process.bulk import paced, pacing
from exceptions.process.bulk.choosing import choose_cases
from exceptions.process.bulk.paced import cancel_run, pause_run, resume_run, work_paced
from exceptions.process.bulk.running import PACED_JOB, begin_run
from exceptions.process.letters.redriving import redrive
from exceptions.queries.letters import LettersAsked, letters_asked
from exceptions.registry import REPROCESS
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.events import kinds
from tests.exceptions.test_letters import dead_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.JOB_RETRY_MIN_SECONDS = 0.0
    kinds.forget()


class Clock:
    """The database's time as a run sees it; `at` seconds after the start."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.start = timezone.now()
        self.seconds = 0.0
        monkeypatch.setattr(paced, "database_now", lambda: self.start + dt.timedelta(seconds=self.seconds))

    def begin(self, run: BulkRun, rate: int) -> BulkRun:
        """The run is begun at the start."""
        begun(run, rate)
        BulkRun.objects.filter(pk=run.pk).update(release_at=self.start)
        return run


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def chosen(cast: Cast, *keys: str) -> BulkRun:
    for key in keys:
        dead_job(key)
    return choose_cases(cases=letters_asked(LettersAsked({})), action=REPROCESS, said="a test", user=cast.agent)


def begun(run: BulkRun, rate: int = 60) -> BulkRun:
    return begin_run(run_id=run.pk, form={"rate": str(rate)}, reason="the cause is settled")


def outcomes(run: BulkRun) -> dict[str, str]:
    keys = dict(Job.objects.values_list("id", "key"))
    found = {str(pk): key for pk, key in keys.items()}
    return {found.get(item.case.subject_id, "?"): item.state for item in run.items.select_related("case")}


def test_they_are_released_one_by_one_at_the_rate_and_each_has_its_outcome(cast: Cast, clock: Clock) -> None:
    run = clock.begin(chosen(cast, "a", "b", "c"), rate=60)
    assert 0.9 < (work_paced(run_id=run.pk) or 0) <= 1.0
    assert outcomes(run) == {"a": "released", "b": "waiting", "c": "waiting"}
    clock.seconds = 0.5
    work_paced(run_id=run.pk)
    assert Job.objects.filter(kind="test.work", state=JobState.READY).count() == 1
    clock.seconds = 2.1
    assert work_paced(run_id=run.pk) is None
    kinds.behaviour["work"] = lambda payload: fail_for(payload, "b")
    work_lane("bulk")
    run.refresh_from_db()
    assert run.state == "done"
    assert outcomes(run) == {"a": "done", "b": "again", "c": "done"}
    told = {item.state: item.told for item in run.items.all()}
    assert told["done"] == "it was tried again and succeeded"
    assert told["again"] == "test.work was given up: still not there"
    assert Case.objects.filter(kind="dead.job").exclude(status="resolved").count() == 1


def fail_for(payload: Any, key: str) -> None:
    if payload["_key"] == key:
        raise GiveUp("still not there")


def test_only_the_frozen_ones_are_tried_and_what_needs_nothing_says_so(cast: Cast, clock: Clock) -> None:
    run = chosen(cast, "a", "b", "c", "d")
    later = dead_job("later")
    cases = {Job.objects.get(pk=case.subject_id).key: case for case in Case.objects.filter(kind="dead.job")}
    redrive(case_id=cases["b"].pk, act=REPROCESS, reason="alone", user=cast.agent)
    enqueue_job("test.work", key="c")
    work_lane("bulk")
    clock.begin(run, rate=600)
    clock.seconds = 5
    assert work_paced(run_id=run.pk) is None
    assert outcomes(run) == {"a": "released", "b": "failed", "c": "done", "d": "released"}
    told = {item.case_id: item.told for item in run.items.all()}
    assert told[cases["b"].pk] == "it changed after it was chosen; nothing was done to it"
    assert told[cases["c"].pk].startswith("superseded: the same work was done at")
    later.refresh_from_db()
    assert (later.status, Job.objects.get(pk=later.subject_id).state) == (CaseStatus.NEW, JobState.DEAD)


def test_a_minutes_worth_is_the_most_that_is_under_way(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "LEAST_UNDER_WAY", 2)
    run = clock.begin(chosen(cast, "a", "b", "c"), rate=1)
    for minute in range(4):
        clock.seconds = 60.0 * minute
        work_paced(run_id=run.pk)
    assert sorted(outcomes(run).values()) == ["released", "released", "waiting"]
    page = main_of(signed_in(cast.agent).get(f"/desk/many/{run.pk}/").content.decode())
    assert "2 are tried again and not settled yet: what they go to is slow" in page
    work_lane("bulk")
    assert work_paced(run_id=run.pk) is None
    assert sorted(outcomes(run).values()) == ["done", "done", "released"]


def test_it_is_paused_goes_on_and_is_cancelled_with_a_word(cast: Cast, clock: Clock) -> None:
    run = clock.begin(chosen(cast, "a", "b", "c"), rate=60)
    work_paced(run_id=run.pk)
    pause_run(run_id=run.pk)
    clock.seconds = 30
    assert work_paced(run_id=run.pk) is None
    assert sorted(outcomes(run).values()) == ["released", "waiting", "waiting"]
    with pytest.raises(CaseChanged, match="paused"):
        pause_run(run_id=run.pk)
    resume_run(run_id=run.pk)
    clock.seconds = 30.1
    work_paced(run_id=run.pk)
    assert sorted(outcomes(run).values()) == ["released", "released", "waiting"]
    with pytest.raises(ReasonMissing):
        cancel_run(run_id=run.pk, reason=" ")
    cancel_run(run_id=run.pk, reason="the cause is not settled")
    clock.seconds = 90
    assert work_paced(run_id=run.pk) is None
    assert sorted(outcomes(run).values()) == ["cancelled", "released", "released"]
    assert Job.objects.filter(kind="test.work", state=JobState.DEAD).count() == 1
    assert [e.action for e in run.entries.all()] == ["began", "paused", "resumed", "cancelled"]


@pytest.mark.django_db(transaction=True)
def test_begun_by_two_at_once_it_is_one_run_and_both_are_written_down(cast: Cast) -> None:
    run = chosen(cast, "a", "b")

    def press() -> str:
        try:
            begun(run, rate=600)
        except CaseChanged:
            return "refused"
        return "begun"

    assert sorted(at_once(*[press] * 3)) == ["begun", "refused", "refused"]
    assert Job.objects.filter(kind=PACED_JOB).count() == 1
    at_once(*[lambda: work_paced(run_id=run.pk)] * 3)
    assert sorted(e.action for e in run.entries.all())[:3] == ["asked again", "asked again", "began"]
    assert Job.objects.filter(kind="test.work", state=JobState.READY).count() <= 2
    work_lane("bulk")
    assert len(kinds.jobs_done) <= 4


def test_two_runs_of_the_same_letters_try_each_once(cast: Cast, clock: Clock) -> None:
    first = chosen(cast, "a", "b")
    second = chosen(cast)
    for run in (first, second):
        clock.begin(run, rate=600)
    clock.seconds = 4
    for run in (first, second):
        work_paced(run_id=run.pk)
    assert (set(outcomes(first).values()), set(outcomes(second).values())) == ({"released"}, {"failed"})
    work_lane("bulk")
    assert len(kinds.jobs_done) == 4, "two failures at first, and each once more"


def test_it_rests_while_the_portal_is_pressed(cast: Cast, press: Callable[[Level], None]) -> None:
    run = begun(chosen(cast, "a"), rate=600)
    press(Level.SLOW)
    work_lane("bulk")
    assert outcomes(run) == {"a": "waiting"}
    page = main_of(signed_in(cast.agent).get(f"/desk/many/{run.pk}/").content.decode())
    assert "It rests while the portal is pressed" in page
    press(Level.NORMAL)
    for _ in range(3):
        Job.objects.update(next_at=timezone.now())
        work_lane("bulk")
    assert outcomes(run) == {"a": "done"}


def test_a_crash_between_two_repeats_and_skips_nothing(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = clock.begin(chosen(cast, "a", "b", "c"), rate=600)
    clock.seconds = 5
    real = paced.after_release

    def crash(row: BulkRun, now: dt.datetime) -> dt.datetime:
        if row.items.exclude(state="waiting").count() == 2:
            raise MemoryError
        return real(row, now)

    monkeypatch.setattr(paced, "after_release", crash)
    with pytest.raises(MemoryError):
        work_paced(run_id=run.pk)
    assert sorted(outcomes(run).values()) == ["released", "waiting", "waiting"]
    monkeypatch.setattr(paced, "after_release", real)
    assert work_paced(run_id=run.pk) is None
    work_lane("bulk")
    assert (set(outcomes(run).values()), len(kinds.jobs_done)) == ({"done"}, 6)


def test_the_pages_from_the_filter_to_the_file(cast: Cast) -> None:
    for key in ("a", "b"):
        dead_job(key)
    agent = signed_in(cast.agent)
    operator = signed_in(User.objects.get(email="operator@northline.example"))
    gone = agent.post("/desk/dead/choose/", {"action": "reprocess"}, follow=True).content.decode()
    assert "no open case was chosen" in gone.lower()
    agent.post("/desk/dead/choose/", {"action": "claim", "all": "1"})
    assert not BulkRun.objects.exists()
    form = {"action": "reprocess", "all": "1", "error": "not there"}
    page = main_of(agent.post("/desk/dead/choose/", form, follow=True).content.decode())
    run = BulkRun.objects.get()
    assert "<b>2</b> would be tried again" in page
    assert "All that fit: error not there" in page
    assert Job.objects.filter(kind="test.work", state=JobState.DEAD).count() == 2, "nothing is done yet"
    for wrong in ({"rate": "0", "reason": "x"}, {"rate": "601", "reason": "x"}, {"rate": "60", "reason": " "}):
        told = agent.post(f"/desk/many/{run.pk}/run/", wrong).content.decode()
        run.refresh_from_db()
        assert run.state == "chosen"
        assert f'name="rate" value="{wrong["rate"]}"' in told
        assert f'name="reason" maxlength="300" value="{wrong["reason"]}"' in told
    agent.post(f"/desk/many/{run.pk}/run/", {"rate": "600", "reason": "the share is mounted"})
    operator.post(f"/desk/many/{run.pk}/pause/")
    assert "Paused" in operator.get(f"/desk/many/{run.pk}/").content.decode()
    operator.post(f"/desk/many/{run.pk}/resume/")
    for _ in range(4):
        Job.objects.filter(kind=PACED_JOB).update(next_at=timezone.now())
        BulkRun.objects.update(release_at=timezone.now())
        work_lane("bulk")
    shown = main_of(agent.get(f"/desk/many/{run.pk}/").content.decode())
    assert "the share is mounted" in shown
    assert f"{cast.agent.email}: the share is mounted, 600 a minute" in shown
    assert "600 a minute" in main_of(operator.get(f"/desk/many/{run.pk}/").content.decode())
    header, *lines = operator.get(f"/desk/many/{run.pk}/result.csv").content.decode("utf-8-sig").splitlines()
    assert header == "case,kind,work,reference,account,outcome,told,act,by,why"
    assert {line.partition(",")[2] for line in lines} == {
        f"dead.job,test.work,,,Done,it was tried again and succeeded,Re-process,{cast.agent.email},the share is mounted"
    }
    assert "Re-process: 2" in main_of(agent.get("/desk/dead/").content.decode())
    for person in (cast.finance, cast.buyer):
        stranger = signed_in(person)
        assert stranger.post(f"/desk/many/{run.pk}/pause/").status_code == 403
        assert stranger.get(f"/desk/many/{run.pk}/result.csv").status_code in (403, 404)
