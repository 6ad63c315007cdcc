"""Deadlines in business days: by the partner's calendar, told in words, and planned again when the calendar changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from distportal.calendars.lists import Day
from distportal.calendars.models import Calendar, WorkingHours
from distportal.calendars.process import add_holidays
from distportal.calendars.queries import working_time
from distportal.events.clock import database_now
from edi.models import DeadlineRule, Document, DueDocument
from edi.process.deadlines import watch_deadlines
from edi.process.due_planning import plan
from exceptions.choices import CaseStatus
from exceptions.models import Case
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.test_deadlines import rule
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def calendar(code: str, *, zone: str = "America/New_York") -> Calendar:
    """Weekdays from nine to five."""
    row = Calendar.objects.create(code=code, name=code.title(), time_zone=zone)
    WorkingHours.objects.bulk_create(
        WorkingHours(calendar=row, weekday=day, opens=dt.time(9), closes=dt.time(17)) for day in range(1, 6)
    )
    return row


def next_workday(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    return day if day.isoweekday() < 6 else next_workday(day)


@pytest.fixture
def held(crestline: Post, catalogue: SandboxProcess) -> Post:
    """An order that waits for a person; its 855 is due in two business days of Crestline's own calendar."""
    crestline.partner.calendar = calendar("stores")
    crestline.partner.save()
    rule(crestline, "855", hours=0, days=2, warn_hours=Decimal(4))
    crestline.take(crestline.order(("FST-10001", "10", "9.99"), po="LATE-1"))
    return crestline


def came_on() -> dt.date:
    """The day on which the order came, in New York."""
    return Document.objects.get(set_id="850").created_at.astimezone(NEW_YORK).date()


def closing(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(17), tzinfo=NEW_YORK)


def test_business_days_end_when_the_partner_s_calendar_closes(held: Post) -> None:
    watch_deadlines()
    row = DueDocument.objects.get()
    second = next_workday(next_workday(came_on()))
    assert (row.due_at, row.warn_at) == (closing(second), closing(second) - dt.timedelta(hours=4))
    assert row.explanation.startswith("2 business days from ")
    assert row.explanation.endswith("17:00 (Stores, America/New_York)")


def test_a_holiday_that_is_entered_later_moves_what_is_open_and_says_why(held: Post, cast: Cast) -> None:
    watch_deadlines()
    DueDocument.objects.update(warn_at=database_now())
    watch_deadlines()
    assert Case.objects.get(kind="edi.deadline_near").status in CaseStatus.OPEN
    second = next_workday(next_workday(came_on()))
    add_holidays(calendar_id=held.partner.calendar.pk, days=[Day(on=second, name="Founders Day")])
    watch_deadlines()
    row = DueDocument.objects.get()
    assert row.due_at == closing(next_workday(second))
    assert "is a holiday (Founders Day)" in row.explanation
    assert Case.objects.get(kind="edi.deadline_near").status == CaseStatus.RESOLVED
    assert watch_deadlines() == 0, "planned once for each change"
    DueDocument.objects.update(warn_at=database_now())
    watch_deadlines()
    case = Case.objects.get(kind="edi.deadline_near", status__in=CaseStatus.OPEN)
    assert any("Founders Day" in said for said in case.data["sentences"])
    DueDocument.objects.update(warn_at=database_now() + dt.timedelta(hours=1))
    page = signed_in(cast.agent).get(reverse("edi:partner", args=["CRESTLINE"])).content.decode()
    assert ("Founders Day" in page, "855 within 2 business days of" in page, "Stores (America/New_York)" in page) == (
        True, True, True,
    )  # fmt: skip


def test_what_was_missed_stays_missed_when_a_holiday_comes_too_late(held: Post) -> None:
    watch_deadlines()
    DueDocument.objects.update(due_at=database_now() - dt.timedelta(minutes=1))
    watch_deadlines()
    second = next_workday(next_workday(came_on()))
    add_holidays(calendar_id=held.partner.calendar.pk, days=[Day(on=second, name="Founders Day")])
    watch_deadlines()
    row = DueDocument.objects.get()
    assert (row.state, row.fee) == ("missed", Decimal(250))


def test_the_account_s_calendar_counts_where_the_partner_names_none(crestline: Post, catalogue: SandboxProcess) -> None:
    assert crestline.partner.account
    crestline.partner.account.calendar = calendar("dock", zone="Asia/Tokyo")
    crestline.partner.account.save()
    rule(crestline, "855", hours=0, days=1)
    rule(crestline, "997", hours=Decimal(2))
    crestline.take(crestline.order(("FST-10001", "10", "9.99")))
    watch_deadlines()
    words = dict(DueDocument.objects.values_list("set_id", "explanation"))
    assert words["855"].endswith("(Dock, Asia/Tokyo)")
    assert words["997"] == "", "two hours by the clock need no calendar"


def test_a_calendar_without_hours_counts_like_the_clock_and_says_so(held: Post) -> None:
    WorkingHours.objects.all().delete()
    watch_deadlines()
    row = DueDocument.objects.get()
    assert row.counted_at is not None
    assert row.due_at == row.counted_at + dt.timedelta(days=2)
    assert row.explanation == (
        "The calendar Stores has no working time within 1500 days. All hours were counted instead."
    )


def test_hours_over_a_change_of_clocks_are_real_hours(crestline: Post) -> None:

    row = rule(crestline, "855", hours=Decimal(24))

    start = dt.datetime(2026, 10, 31, 12, tzinfo=ZoneInfo("America/Chicago"))
    due = plan(row, start, working_time()).due_at
    assert (due - dt.timedelta(hours=24)).astimezone(dt.UTC) != start.astimezone(dt.UTC), "the wall clock moved"
    assert due.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=24)


def test_a_rule_has_hours_or_days_and_never_both(crestline: Post) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(crestline, "855", hours=Decimal(4), days=2)
    row = rule(crestline, "855", hours=0, days=-1, counted_from="requested_ship")
    assert str(row) == f"855 1 business day before {row.get_counted_from_display().lower()}"
    assert str(DeadlineRule(set_id="997", hours=Decimal(9), business_days=True, counted_from="received")) == (
        "997 within 9 business hours of receipt from the partner"
    )
