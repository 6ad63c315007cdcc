"""Complaint 10: service times without business hours, reminders at midnight, a clock that runs while the customer must
answer, and due times that nobody can explain (portal.md, section 4, number 23).

The desk counts by the team's calendar, waiting stops the clock and needs a reminder, and the due time says why.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from distportal.calendars.models import Calendar, Holiday, WorkingHours
from distportal.events.clock import database_now
from exceptions.choices import CaseStatus
from exceptions.models import Case, Queue
from exceptions.process.cases import open_case
from exceptions.process.clocks import due_in_words, start_clock
from exceptions.process.handling import put_aside
from exceptions.process.watching import watch_cases
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def team(db: None) -> Calendar:
    """Monday to Friday, nine to six in Madrid; Tuesday 8 December 2026 is a holiday."""
    row = Calendar.objects.create(code="madrid", name="Madrid desk", time_zone="Europe/Madrid")
    WorkingHours.objects.bulk_create(
        WorkingHours(calendar=row, weekday=day, opens=dt.time(9), closes=dt.time(18)) for day in range(1, 6)
    )
    Holiday.objects.create(calendar=row, on=dt.date(2026, 12, 8), name="Inmaculada")
    Queue.objects.create(code="orders", name="Orders", group="agent", calendar=row)
    return row


def a_case(subject: str = "1") -> Case:
    return open_case(kind="order.held", code="held", subject_type="order", subject_id=subject, sentence="x")


def test_the_due_time_counts_the_teams_hours_and_says_why(team: Calendar) -> None:
    case = a_case()
    start_clock(case, dt.datetime(2026, 12, 7, 16, tzinfo=MADRID))
    assert case.due_at == dt.datetime(2026, 12, 10, 14, tzinfo=MADRID)
    assert case.warn_at == dt.datetime(2026, 12, 10, 10, 48, tzinfo=MADRID), "the team is warned at work, not at night"
    assert due_in_words(case) == (
        "16 business hours from Mon 7 Dec 16:00, Tue 8 Dec is a holiday (Inmaculada) → "
        "Thu 10 Dec 14:00 (Madrid desk, Europe/Madrid)"
    )


def test_waiting_for_the_dealer_stops_the_clock_and_comes_back_by_itself(cast: Cast, team: Calendar) -> None:
    case, now = a_case(), database_now()
    put_aside(
        case_id=case.pk, version=case.version, status=CaseStatus.WAITING_DEALER, until=now + dt.timedelta(hours=5)
    )
    Case.objects.update(first_due_at=now, warn_at=now)
    assert watch_cases() == {"reminded": 0, "warned": 0, "escalated": 0, "rescored": 0}
    Case.objects.update(remind_at=now)
    assert watch_cases()["reminded"] == 1
    case.refresh_from_db()
    assert (case.status, case.paused_at, case.remind_at) == (CaseStatus.NEW, None, None)
    assert [entry.action for entry in case.entries.all()][-2:] == ["waits for the dealer", "reminded"]


def test_one_clock_does_not_hide_the_other(cast: Cast, team: Calendar) -> None:
    """The first answer is late and unowned: it is escalated, once; four fifths of the solution's time: warned, once."""
    case, now = a_case(), database_now()
    Case.objects.update(first_due_at=now, warn_at=now)
    told = watch_cases()
    assert (told["warned"], told["escalated"]) == (1, 1)
    assert watch_cases() == {"reminded": 0, "warned": 0, "escalated": 0, "rescored": 0}
    severity = case.severity
    case.refresh_from_db()
    assert case.severity == severity + 1
    assert sorted(entry.action for entry in case.entries.all()) == ["escalated", "opened", "warned"]
