"""Who is told what, how often, and when: once a person and event, whatever comes twice, late or at night."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox_of_django
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.common.remembering import remembering
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from distportal.notices.choices import Mode, Plan
from distportal.notices.kinds import Told
from distportal.notices.mailing import mail_gathered
from distportal.notices.models import Mail, Notice, NoticeChoice, NoticeSettings
from distportal.notices.people import AT_ONCE_AN_HOUR
from distportal.notices.telling import tell
from tests.at_once import at_once
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def sent() -> list[Any]:
    return list(getattr(outbox_of_django, "outbox", []))


def told(account: Account, what: str = "Rain", **more: Any) -> Told:
    return Told(account=account, facts={"what": what, "po": "PO-1"}, path="/orders/1/", **more)


def choose(user: User, mode: Mode, kind: str = "test.news", **more: Any) -> None:
    NoticeChoice.objects.create(user=user, kind=kind, mail=mode, **more)


def quiet_now(user: User) -> dt.datetime:
    """The person's quiet hours have been on for two hours and go on for three."""
    now = timezone.now().astimezone(ZoneInfo("Asia/Tokyo"))
    start, end = now - dt.timedelta(hours=2), now + dt.timedelta(hours=3)
    User.objects.filter(pk=user.pk).update(time_zone="Asia/Tokyo")
    NoticeSettings.objects.create(
        user=user, quiet_from=start.time().replace(microsecond=0),
        quiet_until=end.time().replace(second=0, microsecond=0),
    )  # fmt: skip
    return end.replace(second=0, microsecond=0)


def test_everybody_of_the_role_is_told_once_and_a_stranger_never(cast: Cast) -> None:
    Membership.objects.filter(user=cast.colleague).update(role=Role.VIEWER)
    assert tell(kind="test.news", key="e1", told=told(cast.harbor)) == 1
    assert tell(kind="test.news", key="e1", told=told(cast.harbor)) == 0
    work_until_idle()
    assert [(n.user, n.key) for n in Notice.objects.all()] == [(cast.buyer, "e1")]
    assert [m.to for m in sent()] == [[cast.buyer.email]]
    assert (sent()[0].subject, "Your PO: PO-1" in sent()[0].body) == ("Rain happened", True)


def test_digests_of_one_moment_are_one_statement_and_a_job_for_each_person(cast: Cast) -> None:
    both = [cast.buyer, cast.colleague]
    for user in both:
        choose(user, Mode.DIGEST)
    with CaptureQueriesContext(connection) as ran:
        assert tell(kind="test.news", key="e1", told=told(cast.harbor, people=both)) == 2
    assert sum("INSERT INTO events_job" in query["sql"] for query in ran) == 1
    jobs = Job.objects.filter(kind="notices.mail_gathered")
    assert {job.payload["user"] for job in jobs} == {str(user.pk) for user in both}
    User.objects.filter(pk=cast.colleague.pk).update(time_zone="Asia/Tokyo")
    jobs.delete()
    tell(kind="test.news", key="e2", told=told(cast.harbor, people=[cast.colleague]))
    [job] = jobs.all()
    assert job.key == f"{cast.colleague.pk}:digest:{job.next_at.astimezone(ZoneInfo('Asia/Tokyo')):%Y-%m-%d}"


def test_events_of_one_round_are_told_to_the_people_of_their_own_accounts(cast: Cast) -> None:
    summit = Account.objects.get(memberships__user=cast.stranger)
    with remembering():
        for number, account in enumerate((cast.harbor, summit, cast.harbor)):
            tell(kind="test.news", key=f"e{number}", told=told(account))
    for number, account in enumerate((cast.harbor, summit, cast.harbor)):
        reached = set(Notice.objects.filter(key=f"e{number}").values_list("user_id", flat=True))
        assert set() != reached <= set(account.memberships.values_list("user_id", flat=True))


def test_whom_it_concerns_is_told_alone_unless_they_left(cast: Cast) -> None:
    tell(kind="test.news", key="e1", told=told(cast.harbor, people=[cast.buyer]))
    assert {n.user for n in Notice.objects.filter(key="e1")} == {cast.buyer}
    tell(kind="test.news", key="e2", told=told(cast.harbor, people=[cast.stranger]))
    assert cast.stranger not in {n.user for n in Notice.objects.all()}
    assert cast.colleague in {n.user for n in Notice.objects.filter(key="e2")}


def test_somebody_who_cannot_sign_in_any_more_is_not_told(cast: Cast) -> None:
    User.objects.filter(pk=cast.buyer.pk).update(is_active=False)
    tell(kind="test.news", key="e1", told=told(cast.harbor))
    assert cast.buyer not in {n.user for n in Notice.objects.all()}


def test_off_is_off_by_mail_and_in_the_portal_but_not_for_what_is_mandatory(cast: Cast) -> None:
    for kind in ("test.news", "test.law"):
        choose(cast.buyer, Mode.OFF, kind, in_app=False)
        tell(kind=kind, key="e1", told=told(cast.harbor, people=[cast.buyer]))
    rows = {n.kind: (n.plan, n.in_app) for n in Notice.objects.filter(user=cast.buyer)}
    assert rows == {"test.law": (Plan.DIGEST, True)}
    work_until_idle()
    assert sent() == []


def test_two_workers_with_the_same_event_write_one_mail_a_person(cast: Cast) -> None:
    tell(kind="test.news", key="e1", told=told(cast.harbor, people=[cast.buyer]))
    work_until_idle()
    Job.objects.update(state="ready")
    work_until_idle()
    assert (Mail.objects.count(), len(sent())) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_event_twice_at_the_same_moment_is_told_once(cast: Cast) -> None:
    at_once(*(lambda: tell(kind="test.news", key="e1", told=told(cast.harbor)) for _ in range(4)))
    work_until_idle()
    people = Notice.objects.filter(key="e1").values_list("user", flat=True)
    assert len(people) == len(set(people)) == Mail.objects.count() == len(sent())


def test_in_the_quiet_hours_nothing_comes_and_then_one_mail(cast: Cast) -> None:
    end = quiet_now(cast.buyer)
    for n in range(3):
        tell(kind="test.news", key=f"e{n}", told=told(cast.harbor, f"Rain {n}", people=[cast.buyer]))
    work_until_idle()
    assert sent() == []
    job = Job.objects.get(kind="notices.mail_gathered")
    assert abs((job.next_at - end).total_seconds()) < 2
    Job.objects.update(next_at=timezone.now())
    work_until_idle()
    assert [m.subject for m in sent()] == ["3 notifications from your quiet hours"]
    assert all(f"Rain {n} happened" in sent()[0].body for n in range(3))
    assert "List-Unsubscribe" not in sent()[0].extra_headers


def test_a_single_thing_of_the_quiet_hours_is_its_own_mail(cast: Cast) -> None:
    quiet_now(cast.buyer)
    tell(kind="test.news", key="e1", told=told(cast.harbor, people=[cast.buyer]))
    Job.objects.update(next_at=timezone.now())
    work_until_idle()
    assert [m.subject for m in sent()] == ["Rain happened"]


def test_the_digest_of_a_day_is_one_mail_and_what_comes_later_waits_for_tomorrow(cast: Cast) -> None:
    choose(cast.buyer, Mode.DIGEST)
    for n in range(2):
        tell(kind="test.news", key=f"e{n}", told=told(cast.harbor, people=[cast.buyer]))
    slot = Job.objects.get(kind="notices.mail_gathered").payload["slot"]
    for _ in range(2):
        mail_gathered(user_id=cast.buyer.pk, plan=Plan.DIGEST, slot=slot)
    tell(kind="test.news", key="late", told=told(cast.harbor, people=[cast.buyer]))
    assert mail_gathered(user_id=cast.buyer.pk, plan=Plan.DIGEST, slot=slot) is None
    work_until_idle()
    assert [m.subject for m in sent()] == ["Your daily digest: 2 notifications"]
    assert Notice.objects.get(key="late").mail is None
    assert Job.objects.filter(kind="notices.mail_gathered", state="ready").exists()


def test_who_left_the_account_or_switched_it_off_before_the_digest_gets_none(cast: Cast) -> None:
    for user in (cast.buyer, cast.colleague):
        choose(user, Mode.DIGEST)
    tell(kind="test.news", key="e1", told=told(cast.harbor))
    Membership.objects.filter(user=cast.buyer).delete()
    NoticeChoice.objects.filter(user=cast.colleague).update(mail=Mode.OFF)
    Job.objects.update(next_at=timezone.now())
    work_until_idle()
    assert (sent(), Mail.objects.count()) == ([], 0)


def test_more_than_so_many_mails_an_hour_become_a_digest_but_the_mandatory_go_out(cast: Cast) -> None:
    for n in range(AT_ONCE_AN_HOUR + 5):
        tell(kind="test.news", key=f"e{n}", told=told(cast.harbor, people=[cast.buyer]))
    tell(kind="test.law", key="law", told=told(cast.harbor, people=[cast.buyer]))
    work_until_idle()
    assert len(sent()) == AT_ONCE_AN_HOUR + 1
    assert Notice.objects.filter(plan=Plan.DIGEST, mail=None).count() == 5
