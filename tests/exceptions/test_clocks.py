"""Until when a case is due: by its queue's calendar, without the time in which it waited for others."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from distportal.calendars.models import Calendar, Holiday, WorkingHours
from distportal.calendars.queries import working_time
from exceptions.choices import CaseStatus
from exceptions.errors import CaseChanged, NoSuchPlace, TimeMissing
from exceptions.models import Case, Queue
from exceptions.process.cases import open_case
from exceptions.process.clocks import due_in_words, pause_clock, resume_clock, start_clock, time_left
from exceptions.process.handling import assign_case, move_case, put_aside, take_back
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment in the week of Thanksgiving 2026, in Chicago; the 23rd is a Monday."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO)


@pytest.fixture
def office(db: None) -> Calendar:
    """Monday to Friday, eight to five in Chicago; the 26th is off and the 27th short."""
    row = Calendar.objects.create(code="office", name="Office", time_zone="America/Chicago", is_default=True)
    WorkingHours.objects.bulk_create(
        WorkingHours(calendar=row, weekday=day, opens=dt.time(8), closes=dt.time(17)) for day in range(1, 6)
    )
    Holiday.objects.create(calendar=row, on=dt.date(2026, 11, 26), name="Thanksgiving Day")
    Holiday.objects.create(
        calendar=row, on=dt.date(2026, 11, 27), name="Day after", opens=dt.time(8), closes=dt.time(12)
    )
    return row


def case(kind: str = "order.held") -> Case:
    return open_case(kind=kind, code="held", subject_type="order", subject_id="1", sentence="x")


def test_hours_count_by_the_teams_calendar_and_the_due_time_is_explained(office: Calendar) -> None:
    row = case()
    start_clock(row, at(25, 15))
    assert row.first_due_at == at(25, 17)
    # 16 business hours: two on Wednesday, none on Thursday, four on Friday, nine on Monday, one on Tuesday.
    assert row.due_at == dt.datetime(2026, 12, 1, 9, tzinfo=CHICAGO)
    assert due_in_words(row) == (
        "16 business hours from Wed 25 Nov 15:00, Thu 26 Nov is a holiday (Thanksgiving Day), Fri 27 Nov is short, "
        "08:00–12:00 (Day after) → Tue 1 Dec 09:00 (Office, America/Chicago)"
    )
    assert time_left(row, at(27, 11)) == dt.timedelta(hours=11)
    assert time_left(row, dt.datetime(2026, 12, 1, 9, 30, tzinfo=CHICAGO)) == -dt.timedelta(minutes=30)


def test_while_others_have_to_answer_the_clock_stands(office: Calendar) -> None:
    row = case()
    start_clock(row, at(23, 8))
    assert row.due_at == at(24, 15)
    pause_clock(row, at(23, 10))
    assert time_left(row, at(24, 16)) == dt.timedelta(hours=14)
    resume_clock(row, at(24, 11))
    assert row.paused_seconds == 10 * 3600
    assert row.due_at == at(25, 16)
    assert due_in_words(row).endswith("10 business hours of waiting for others did not count")


def test_waiting_over_a_night_or_a_holiday_gives_no_time(office: Calendar) -> None:
    row = case()
    start_clock(row, at(25, 8))
    before = row.due_at
    pause_clock(row, at(25, 17))
    resume_clock(row, at(27, 8))
    assert (row.due_at, row.paused_seconds) == (before, 0)


def test_another_teams_queue_has_its_own_hours(office: Calendar) -> None:
    night = Calendar.objects.create(code="night", name="Night", time_zone="Europe/Berlin")
    WorkingHours.objects.create(calendar=night, weekday=1, opens=dt.time(0), closes=dt.time(0))
    Queue.objects.create(code="edi", name="EDI", group="agent", calendar=night)
    row = case("edi.ack_overdue")
    start_clock(row, at(24, 8))
    assert row.first_due_at == dt.datetime(2026, 11, 30, 2, tzinfo=ZoneInfo("Europe/Berlin"))
    row.save()
    orders = Queue.objects.create(code="orders", name="Orders", group="agent")
    moved = move_case(case_id=row.pk, version=row.version, queue_id=orders.pk, reason="not EDI")
    assert moved.first_due_at == at(24, 10)


def test_what_is_put_aside_needs_a_time_and_the_version_that_was_seen(cast: Cast, office: Calendar) -> None:
    row = case()
    soon = row.created_at + dt.timedelta(hours=2)
    how = {"case_id": row.pk, "version": row.version, "status": CaseStatus.WAITING_DEALER}
    for bad in (None, row.created_at, row.created_at + dt.timedelta(days=91)):
        with pytest.raises(TimeMissing):
            put_aside(**how, until=bad)  # type: ignore[arg-type]
    with pytest.raises(NoSuchPlace):
        put_aside(**{**how, "status": "claimed"}, until=soon)  # type: ignore[arg-type]
    waiting = put_aside(**how, until=soon, note="asked by phone")  # type: ignore[arg-type]
    assert (waiting.status, waiting.remind_at, waiting.paused_at is None) == ("waiting_dealer", soon, False)
    assert "asked by phone" in waiting.entries.last().text  # type: ignore[union-attr]
    with pytest.raises(CaseChanged):
        put_aside(**how, until=soon)  # type: ignore[arg-type]
    back = take_back(case_id=row.pk, version=waiting.version)
    assert (back.status, back.paused_at, back.remind_at) == (CaseStatus.NEW, None, None)
    snoozed = put_aside(case_id=row.pk, version=back.version, status=CaseStatus.SNOOZED, until=soon)
    assert snoozed.paused_at is None


def test_only_people_who_work_here_get_a_case(cast: Cast) -> None:
    row = case()
    with pytest.raises(NoSuchPlace):
        assign_case(case_id=row.pk, version=row.version, owner=cast.buyer)
    given = assign_case(case_id=row.pk, version=row.version, owner=cast.finance, reason="your customer")
    assert (given.owner, given.status) == (cast.finance, CaseStatus.CLAIMED)
    assert assign_case(case_id=row.pk, version=given.version, owner=None).status == CaseStatus.NEW


def test_working_time_between_two_moments(office: Calendar) -> None:
    time = working_time(office.pk)
    assert time.worked(at(25, 16), at(27, 9)) == dt.timedelta(hours=2)
    assert time.worked(at(26, 1), at(26, 23)) == dt.timedelta(0)
    assert time.worked(at(25, 9), at(24, 9)) == dt.timedelta(0)
