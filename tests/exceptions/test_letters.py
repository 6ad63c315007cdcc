"""What was given up: one open case each, tried again in the way it has, settled by what comes of it."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction

from distportal.accounts.models import User
from distportal.common.errors import Conflict
from distportal.events.base import Event
from distportal.events.choices import DeliveryState, JobState
from distportal.events.effects import MAX_ATTEMPTS
from distportal.events.errors import GiveUp
from distportal.events.jobs import claim_job, enqueue_job
from distportal.events.models import Job, OutboxDelivery
from distportal.events.outbox import publish
from distportal.events.running import MOST_LOST, run_job
from distportal.events.sweeper import work_lane, work_until_idle
from distportal.notices.choices import MailState
from distportal.notices.mailing import post_written
from distportal.notices.models import Mail
from distportal.notices.sending import send_mail
from distportal.notices.wording import Written
from exceptions.choices import CaseStatus, Resolution
from exceptions.errors import NotPossible
from exceptions.models import Case
from exceptions.process.cases import open_case, resolve_case
from exceptions.process.letters.redriving import foresee, redrive
from exceptions.process.letters.settling import watch_letters
from exceptions.registry import REDELIVER, REPROCESS
from exceptions.resolutions import discard
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.events import kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once_again(settings: Any) -> None:
    settings.JOB_RETRY_MIN_SECONDS = 0.0
    kinds.forget()


def broken(_: Mapping[str, Any]) -> None:
    raise GiveUp("the file is not there")


def dead_job(key: str = "a") -> Case:
    """A job that was given up, with its case; from now on such work succeeds."""
    kinds.behaviour["work"] = broken
    enqueue_job("test.work", key=key)
    work_lane("bulk")
    kinds.behaviour.clear()
    return Case.objects.get(kind="dead.job", subject_id=str(Job.objects.get(key=key, state=JobState.DEAD).pk))


def dead_delivery(thing: str = "1") -> Case:
    """An event that the strict subscriber could not take; the loose one did."""

    def fail(_: object) -> None:
        raise ValueError("a row is missing")

    kinds.behaviour["strict"] = fail
    with transaction.atomic():
        publish(Event(type="thing.happened", aggregate_type="thing", aggregate_id=thing, payload={}))
    for _ in range(MAX_ATTEMPTS):
        work_until_idle(rounds=1)
    kinds.behaviour.clear()
    return Case.objects.get(kind="dead.delivery", data__aggregate=f"thing/{thing}")


def refused_mail() -> Mail:
    written = Written(subject="Hi", text="text", html="<p>")
    return post_written(key="k", kind="letter", to_email="gone@harbor.example", written=written)


def state(case: Case) -> str:
    return str(Case.objects.values_list("status", flat=True).get(pk=case.pk))


def test_a_case_stays_open_until_what_was_tried_again_succeeds_and_then_ends_by_itself(cast: Cast) -> None:
    case = dead_job()
    redrive(case_id=case.pk, act=REPROCESS, reason="the file is back", user=cast.agent)
    assert (state(case), len(kinds.jobs_done)) == (CaseStatus.RESUBMITTED, 1)
    work_lane("bulk")
    case.refresh_from_db()
    assert (case.status, case.resolution, len(kinds.jobs_done)) == ("resolved", Resolution.BY_EVENT, 2)
    told = [(e.action, e.text) for e in case.entries.all()]
    assert ("re-processed", "the file is back") in told
    assert told[-1] == ("resolved: settled by itself", "it was tried again and succeeded")


def test_what_dies_again_is_the_same_case_once_more(cast: Cast) -> None:
    case = dead_job()
    kinds.behaviour["work"] = broken
    redrive(case_id=case.pk, act=REPROCESS, reason="x", user=cast.agent)
    work_lane("bulk")
    assert [(row.pk, row.status, row.occurrences) for row in Case.objects.filter(kind="dead.job")] == [
        (case.pk, CaseStatus.NEW, 2)
    ]


def test_a_second_click_does_nothing_and_is_written_down(cast: Cast) -> None:
    case = dead_job()
    operator = User.objects.get(email="operator@northline.example")
    agent, other = signed_in(cast.agent), signed_in(operator)
    for person in (agent, other):
        person.post(f"/desk/dead/{case.number}/reprocess/", {"reason": "again"})
    assert Job.objects.filter(kind="test.work").count() == 1
    work_lane("bulk")
    assert len(kinds.jobs_done) == 2
    by = {e.action: e.actor for e in case.entries.filter(action__in=("re-processed", "not repeated"))}
    assert by == {"re-processed": cast.agent.email, "not repeated": operator.email}
    page = other.post(f"/desk/{case.number}/act/reprocess/", {"reason": "late"}, follow=True).content.decode()
    assert "nothing was done" in page
    assert len(kinds.jobs_done) == 2


@pytest.mark.django_db(transaction=True)
def test_of_four_at_once_one_has_it_tried_again(cast: Cast) -> None:
    case = dead_job()

    def press() -> str:
        try:
            return redrive(case_id=case.pk, act=REPROCESS, reason="x", user=cast.agent)
        except Conflict as error:
            return type(error).__name__

    answers = at_once(*[press] * 4)
    assert sorted(answers).count("NotDead") == 3
    work_lane("bulk")
    assert len(kinds.jobs_done) == 2
    assert case.entries.filter(action="not repeated").count() == 3


def test_the_two_acts_are_not_each_other(cast: Cast) -> None:
    job, delivery = dead_job(), dead_delivery()
    verdicts = {
        (case.kind, act): foresee(cases=[case], act=act)[case.pk].outcome
        for case in (job, delivery)
        for act in (REDELIVER, REPROCESS)
    }
    assert verdicts == {
        ("dead.job", REDELIVER): "not_possible", ("dead.job", REPROCESS): "would",
        ("dead.delivery", REDELIVER): "would", ("dead.delivery", REPROCESS): "not_possible",
    }  # fmt: skip
    with pytest.raises(NotPossible, match="hands nothing over"):
        redrive(case_id=job.pk, act=REDELIVER, reason="x", user=cast.agent)
    assert (state(job), Job.objects.get(kind="test.work").state) == (CaseStatus.NEW, JobState.DEAD)
    page = main_of(signed_in(cast.agent).get(f"/desk/{job.number}/").content.decode())
    assert "/act/reprocess/" in page
    assert "/act/redeliver/" not in page


def test_the_same_work_done_otherwise_ends_the_case_and_the_dead_row(cast: Cast) -> None:
    case, waits = dead_job("a"), dead_job("b")
    enqueue_job("test.work", key="a")
    work_lane("bulk")
    enqueue_job("test.work", key="b", delay=60)
    assert foresee(cases=[case], act=REPROCESS)[case.pk].told.startswith("superseded: the same work was done at")
    assert watch_letters() == {"superseded": 2, "mended": 0}
    assert (state(case), state(waits)) == ("resolved", "resolved")
    assert Job.objects.filter(kind="test.work", state=JobState.DEAD).count() == 0
    assert Job.objects.filter(kind="test.work", state=JobState.DISCARDED).count() == 2


def test_who_tries_again_what_was_done_otherwise_leaves_no_dead_row_without_a_case(cast: Cast) -> None:
    case = dead_job("a")
    enqueue_job("test.work", key="a")
    work_lane("bulk")
    told = redrive(case_id=case.pk, act=REPROCESS, reason="again", user=cast.agent)
    assert told.startswith("superseded: the same work was done at")
    assert state(case) == "resolved"
    assert {row.state for row in Job.objects.filter(kind="test.work")} == {JobState.DONE, JobState.DISCARDED}
    assert watch_letters() == {"superseded": 0, "mended": 0}, "nothing was left to be mended"


def test_who_leaves_undone_what_was_done_otherwise_leaves_no_dead_row_without_a_case(cast: Cast) -> None:
    case = dead_job("a")
    enqueue_job("test.work", key="a")
    work_lane("bulk")
    with transaction.atomic():
        discard(case, {}, "not needed", cast.agent)
    assert state(case) == "resolved"
    assert {row.state for row in Job.objects.filter(kind="test.work")} == {JobState.DONE, JobState.DISCARDED}


def test_what_is_left_undone_parks_nothing_behind_it(cast: Cast) -> None:
    case = dead_delivery()
    with transaction.atomic():
        publish(Event(type="thing.happened", aggregate_type="thing", aggregate_id="1", payload={}))
    work_until_idle()
    assert ("strict", "1", 2) not in kinds.delivered
    signed_in(cast.agent).post(f"/desk/{case.number}/act/discard/", {"reason": "told by hand"})
    work_until_idle()
    assert ("strict", "1", 2) in kinds.delivered
    assert ("strict", "1", 1) not in kinds.delivered
    assert state(case) == "resolved"
    assert not OutboxDelivery.objects.filter(state=DeliveryState.DEAD).exists()


def test_a_delivery_arrives_under_its_own_id_and_what_follows_goes_on(cast: Cast) -> None:
    case = dead_delivery()
    event = OutboxDelivery.objects.get(pk=case.subject_id).event_id
    seen: list[object] = []
    kinds.behaviour["strict"] = lambda fact: seen.append(fact.id)
    redrive(case_id=case.pk, act=REDELIVER, reason="the row is there", user=cast.agent)
    work_until_idle()
    assert seen == [event]
    assert state(case) == "resolved"


def test_dead_rows_of_before_get_their_case_or_are_left_as_a_person_settled_them(cast: Cast) -> None:
    lost, settled, parked = dead_job("lost"), dead_job("settled"), dead_delivery()
    for case in (settled, parked):
        resolve_case(case_id=case.pk, resolution=Resolution.BY_HAND, reason="by an older version")
    Case.objects.filter(pk=lost.pk).delete()
    assert watch_letters() == {"superseded": 0, "mended": 3}
    dead = Job.objects.get(kind="test.work", state=JobState.DEAD)
    assert [case.subject_id for case in Case.objects.filter(kind="dead.job", status=CaseStatus.NEW)] == [str(dead.pk)]
    assert dead.key == "lost"
    assert not OutboxDelivery.objects.filter(state=DeliveryState.DEAD).exists()
    assert watch_letters() == {"superseded": 0, "mended": 0}


def test_work_that_may_fail_often_still_ends_few_processes() -> None:
    enqueue_job("test.work", key="a")
    Job.objects.update(max_attempts=50)
    job_id = Job.objects.get().pk
    for _ in range(MOST_LOST):
        assert claim_job(job_id, lease=-1)
    run_job(job_id)
    assert (Job.objects.get().state, kinds.jobs_done) == (JobState.DEAD, [])
    assert Case.objects.get(kind="dead.job").sentence.endswith("its process ended each time before it was done")


def test_a_subscriber_that_ends_its_process_is_given_up_and_other_streams_go_on(cast: Cast) -> None:
    tries: list[str] = []

    def killed(event: Any) -> None:
        if event.aggregate_id == "1":
            tries.append(event.aggregate_id)
            raise SystemExit  # nothing after it runs, as with a process that is gone

    kinds.behaviour["strict"] = killed
    for thing in ("1", "2"):
        with transaction.atomic():
            publish(Event(type="thing.happened", aggregate_type="thing", aggregate_id=thing, payload={}))
    OutboxDelivery.objects.update(next_at="2020-01-01T00:00Z")  # the sweeper found it, the first hint is gone
    for _ in range(12):
        try:
            work_lane("relay")
        except SystemExit:
            continue
    assert len(tries) == MOST_LOST
    assert ("strict", "2", 1) in kinds.delivered
    [case] = Case.objects.filter(kind="dead.delivery")
    assert case.sentence == "test.strict was given up: its process ended each time before it was done"
    assert case.data["attempts"] == MOST_LOST


def test_a_mail_that_was_refused_goes_out_again_as_it_was(cast: Cast, mailoutbox: list[Any], monkeypatch: Any) -> None:

    mail = post_written(
        key="k", kind="letter", to_email="gone@harbor.example", written=Written(subject="Hi", text="text", html="<p>")
    )

    def refuse(*_: object) -> None:
        raise smtplib.SMTPRecipientsRefused({"gone@harbor.example": (550, b"user unknown")})

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        assert send_mail(mail_id=mail.pk) == MailState.FAILED
    [case] = Case.objects.filter(kind="dead.mail")
    assert case.sentence == "letter was given up: 550 user unknown"
    Job.objects.filter(kind="notices.send_mail").delete()
    redrive(case_id=case.pk, act=REDELIVER, reason="the mailbox is back", user=cast.agent)
    work_lane("mail")
    assert [(m.subject, m.extra_headers["Message-ID"].split("@")[0]) for m in mailoutbox] == [("Hi", f"<{mail.pk}")]
    assert (state(case), Mail.objects.get(pk=mail.pk).state) == ("resolved", MailState.SENT)


def test_a_mail_left_undone_is_never_sent(cast: Cast, mailoutbox: list[Any]) -> None:
    mail = post_written(
        key="k", kind="letter", to_email="gone@harbor.example", written=Written(subject="Hi", text="text", html="<p>")
    )
    Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, error="550")
    case = Case.objects.filter(kind="dead.mail").first()
    assert case is None

    case = open_case(kind="dead.mail", code="dead", subject_type="mail", subject_id=str(mail.pk), sentence="x")
    discard(case, {}, "told by phone", cast.agent)
    work_until_idle()
    assert (mailoutbox, state(case)) == ([], "resolved")


def test_the_page_lists_what_was_given_up_with_its_case_and_filters_it(cast: Cast) -> None:
    job, delivery = dead_job(), dead_delivery()
    agent = signed_in(cast.agent)
    page = main_of(agent.get("/desk/dead/").content.decode())
    for words in (str(job), str(delivery), "the file is not there", "a row is missing", "test.work"):
        assert words in page
    assert re.search(r"Work <span[^>]*>1<", page)
    assert str(delivery) not in main_of(agent.get("/desk/dead/?family=Work").content.decode())
    only = main_of(agent.get("/desk/dead/?error=row is MISSING").content.decode())
    assert str(delivery) in only
    assert str(job) not in only
    assert "Nothing fits" in main_of(agent.get("/desk/dead/?older=24&account=HARBOR&q=E-1").content.decode())
    assert signed_in(cast.finance).get("/desk/dead/").status_code == 403
    assert signed_in(cast.buyer).get("/desk/dead/").status_code == 403
    assert signed_in(cast.buyer).post(f"/desk/dead/{job.number}/reprocess/").status_code == 403
    assert agent.post("/desk/dead/999999999/reprocess/").status_code == 404
    agent.post(f"/desk/dead/{job.number}/shout/")
    assert Job.objects.get(kind="test.work").state == JobState.DEAD
