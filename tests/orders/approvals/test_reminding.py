"""Who may approve is reminded before a request ends: once a stage, in working hours, and not after an answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from distportal.calendars.models import Calendar
from distportal.events.sweeper import work_until_idle
from distportal.notices.models import Notice
from orders.choices import ApprovalState
from orders.models import ApprovalEntry, ApprovalRequest
from orders.process.approvals import reminding
from orders.process.approvals.reminding import remind_approvers
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Chicago")
At = Callable[[dt.datetime], None]


def waiting(cast: Cast, *, asked_at: dt.datetime, expires_at: dt.datetime) -> ApprovalRequest:
    reason = {
        "rule": "", "words": "Above $1.00", "role": "approver", "approver": str(cast.colleague.pk), "name": "",
        "needed": 1,
    }  # fmt: skip
    return ApprovalRequest.objects.create(
        number=7001, account=cast.harbor, requested_by=cast.buyer, requested_name="Bea Harbor", source_key="k",
        orders=[], shown={"lines": []}, reasons=[reason], asked_at=asked_at, expires_at=expires_at,
        correlation_id=uuid.uuid4(),
    )  # fmt: skip


@pytest.fixture
def monday(cast: Cast) -> dt.datetime:
    """09:00 on a Monday to come, by a calendar of 8 to 17 from Monday to Friday."""
    calendar = Calendar.objects.create(code="OFFICE", name="Office", time_zone=str(ZONE))
    for weekday in range(1, 6):
        calendar.hours.create(weekday=weekday, opens=dt.time(8), closes=dt.time(17))
    cast.harbor.calendar = calendar
    cast.harbor.save()
    day = timezone.localdate() + dt.timedelta(days=7)
    day -= dt.timedelta(days=day.weekday())
    return dt.datetime.combine(day, dt.time(9), tzinfo=ZONE)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """`at(moment)`: the database's clock says so to the reminders."""
    return lambda moment: monkeypatch.setattr(reminding, "database_now", lambda: moment)


def test_each_stage_is_told_once_and_only_while_people_work(cast: Cast, monday: dt.datetime, at: At) -> None:
    day = dt.timedelta(days=1)
    row = waiting(cast, asked_at=monday, expires_at=monday + 7 * day)
    told = []
    for moment in (
        monday + 2 * day,  # early
        monday + 3 * day + dt.timedelta(hours=13),  # half of the time is over, at ten in the evening
        monday + 4 * day,  # Friday at nine
        monday + 4 * day + dt.timedelta(minutes=59),
        monday + 4 * day + dt.timedelta(hours=10),  # eight working hours are left, but nobody works at seven
        monday + 5 * day,  # Saturday
        monday + 7 * day - dt.timedelta(hours=1),  # Monday at eight
        monday + 7 * day - dt.timedelta(minutes=10),
        monday + 8 * day,  # it is over
    ):
        at(moment)
        told.append(remind_approvers())
    assert told == [0, 0, 1, 0, 0, 0, 1, 0, 0]
    work_until_idle()
    notices = Notice.objects.filter(kind="approval.reminded")
    assert set(notices.values_list("user", flat=True)) == {cast.colleague.pk}
    assert [one.facts["ends"] for one in notices] == [f"{(monday + 7 * day).day} {monday + 7 * day:%b %Y, %H:%M}"] * 2
    assert row.entries.count() == 0


def test_a_request_that_ends_on_a_weekend_is_told_of_on_the_last_working_day(
    cast: Cast, monday: dt.datetime, at: At
) -> None:
    friday = monday + dt.timedelta(days=4)
    waiting(cast, asked_at=monday - dt.timedelta(days=2), expires_at=friday + dt.timedelta(days=1))
    at(friday + dt.timedelta(hours=2))
    assert [remind_approvers(), remind_approvers()] == [1, 0]
    assert ApprovalRequest.objects.get().reminded == 2, "of two stages that came, the last is told"


def test_nobody_is_reminded_of_what_was_answered(cast: Cast, monday: dt.datetime, at: At) -> None:
    row = waiting(cast, asked_at=monday - dt.timedelta(days=6), expires_at=monday + dt.timedelta(days=1))
    at(monday)
    assert remind_approvers() == 1
    ApprovalRequest.objects.update(state=ApprovalState.WITHDRAWN)
    work_until_idle()
    assert not Notice.objects.filter(kind="approval.reminded").exists(), "answered before the reminder was told"
    at(monday + dt.timedelta(hours=20))
    assert remind_approvers() == 0
    assert row.reminded == 0


def test_who_said_yes_is_not_reminded(cast: Cast, monday: dt.datetime, at: At) -> None:
    row = waiting(cast, asked_at=monday - dt.timedelta(days=6), expires_at=monday + dt.timedelta(days=1))
    ApprovalEntry.objects.create(request=row, user=cast.colleague, actor="c", action="agreed")
    at(monday)
    assert remind_approvers() == 1
    work_until_idle()
    assert not Notice.objects.filter(kind="approval.reminded").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(cast: Cast, monday: dt.datetime, at: At) -> None:
    waiting(cast, asked_at=monday - dt.timedelta(days=6), expires_at=monday + dt.timedelta(days=1))
    at(monday)
    assert sorted(at_once(remind_approvers, remind_approvers)) == [0, 1]


def test_what_waits_for_me_stands_on_my_home_page_and_on_nobody_elses(cast: Cast, monday: dt.datetime) -> None:
    row = waiting(cast, asked_at=monday, expires_at=monday + dt.timedelta(days=7))
    mine = signed_in(cast.colleague).get("/").content.decode()
    assert "Bea Harbor asks for your approval: AP-7001, $0.00." in mine
    assert f'href="/approvals/{row.pk}/"' in mine
    for other in (cast.buyer, cast.stranger):
        assert "asks for your approval" not in signed_in(other).get("/").content.decode()
