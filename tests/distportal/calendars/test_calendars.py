"""Calendars as rows: lists that are brought in, the default, and the back office."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from distportal.accounts.models import Account, User
from distportal.calendars.errors import UnreadableHolidays
from distportal.calendars.lists import Day, national_holidays, read_list
from distportal.calendars.models import Calendar, Holiday, WorkingHours
from distportal.calendars.process import add_holidays, make_default
from distportal.calendars.queries import Calendars, working_time
from distportal.calendars.seeds import seed_calendar
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Calendar:
    seed_calendar()
    return Calendar.objects.get()


def test_a_list_is_read_line_by_line() -> None:
    text = "2026-11-26 Thanksgiving\n\n2026-12-24, Christmas Eve, 8:00-12:00\n2026-11-26;Thanksgiving Day\n"
    assert read_list(text) == [
        Day(on=dt.date(2026, 11, 26), name="Thanksgiving Day"),
        Day(on=dt.date(2026, 12, 24), name="Christmas Eve", opens=dt.time(8), closes=dt.time(12)),
    ]
    assert read_list("") == []


@pytest.mark.parametrize("line", ["Thanksgiving", "2026-11-26", "2026-02-30 Never", "26.11.2026 Thanksgiving",
                                  "2026-12-24 Eve 12:00-08:00", "2026-12-24 Eve 25:00-26:00"])  # fmt: skip
def test_a_line_that_names_no_day_refuses_the_whole_list_and_is_named(line: str) -> None:
    with pytest.raises(UnreadableHolidays) as caught:
        read_list(f"2026-11-26 Thanksgiving\n{line}\n")
    assert caught.value.data["lines"][0].startswith("Line 2: ")


def test_public_holidays_come_from_the_holidays_package() -> None:
    days = {day.on: day.name for day in national_holidays("us", "", (2026, 2027))}
    assert days[dt.date(2026, 11, 26)] == "Thanksgiving Day"
    assert days[dt.date(2027, 7, 5)] == "Independence Day (observed)"
    assert dt.date(2026, 3, 31) in {day.on for day in national_holidays("US", "CA", (2026, 2026))}
    for country, years in (("XX", (2026, 2026)), ("US", (2026, 2050)), ("US", (2027, 2026))):
        with pytest.raises(UnreadableHolidays):
            national_holidays(country, "", years)


def test_days_are_added_or_corrected_and_the_version_tells(office: Calendar) -> None:
    before = Calendar.objects.get().version
    storm = Day(on=dt.date(2026, 11, 27), name="Storm")
    assert add_holidays(calendar_id=office.pk, days=[storm, Day(on=dt.date(2026, 12, 25), name="Christmas Day")]) == 1
    assert Calendar.objects.get().version == before + 1
    assert add_holidays(calendar_id=office.pk, days=[storm]) == 0
    assert Calendar.objects.get().version == before + 1, "nothing changed"
    half = Day(on=storm.on, name="Storm", opens=dt.time(12), closes=dt.time(17))
    assert add_holidays(calendar_id=office.pk, days=[half]) == 1
    assert Holiday.objects.get(on=storm.on).opens == dt.time(12)
    assert working_time(office.pk).special[storm.on].spans == ((dt.time(12), dt.time(17)),)


def test_a_calendar_keeps_what_it_worked_out_until_somebody_changes_it(office: Calendar) -> None:
    before = working_time(office.pk)
    assert working_time(office.pk) is before
    Calendar.objects.filter(pk=office.pk).update(time_zone="Asia/Tokyo")  # past the version, too
    after = working_time(office.pk)
    assert after is not before
    assert after.zone.key == "Asia/Tokyo"
    assert working_time(office.pk) is after


def test_the_first_calendar_that_is_named_counts_then_the_default_then_weekdays(office: Calendar) -> None:
    other = Calendar.objects.create(code="dock", name="Dock", time_zone="America/New_York")
    WorkingHours.objects.create(calendar=other, weekday=6, opens=dt.time(6), closes=dt.time(0))
    calendars = Calendars()
    named = [calendars.of(*ids).name for ids in ((None, None), (None, other.pk), (office.pk, other.pk))]
    assert named == ["US office", "Dock", "US office"]
    start = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
    assert calendars.of(other.pk).after_hours(start, dt.timedelta(hours=17)) == (
        dt.datetime(2026, 11, 29, 5, tzinfo=dt.UTC)
    ), "open till midnight in New York"
    make_default(calendar_id=other.pk)
    assert list(Calendar.objects.filter(is_default=True)) == [other]
    Calendar.objects.all().delete()
    found = working_time()
    assert (found.name, [found.works_on(dt.date(2026, 11, d)) for d in (27, 28, 29, 30)]) == (
        "weekdays", [True, False, False, True],
    )  # fmt: skip
    assert working_time() is found, "what it worked out of years is not worked out again"


def test_the_database_keeps_out_what_cannot_be(office: Calendar) -> None:
    def refused(make: Any) -> bool:
        try:
            with transaction.atomic():
                make()
        except IntegrityError:
            return True
        return False

    assert refused(lambda: Calendar.objects.create(code="two", name="Two", time_zone="UTC", is_default=True))
    assert refused(lambda: WorkingHours.objects.create(calendar=office, weekday=6, opens=dt.time(9), closes=dt.time(8)))
    assert refused(lambda: Holiday.objects.create(calendar=office, on=dt.date(2026, 5, 1), name="x", opens=dt.time(9)))


@pytest.fixture
def operator(cast: Cast) -> Client:
    return signed_in(User.objects.get(email="operator@northline.example"))


def form(office: Calendar, **more: Any) -> dict[str, Any]:
    hours = list(office.hours.all())
    data: dict[str, Any] = {
        "name": office.name, "code": office.code, "time_zone": office.time_zone, "is_default": "on",
        "hours-TOTAL_FORMS": len(hours), "hours-INITIAL_FORMS": len(hours),
        "holidays-TOTAL_FORMS": 0, "holidays-INITIAL_FORMS": 0,
    }  # fmt: skip
    for n, row in enumerate(hours):
        data |= {f"hours-{n}-id": row.pk, f"hours-{n}-calendar": office.pk, f"hours-{n}-weekday": row.weekday,
                 f"hours-{n}-opens": row.opens, f"hours-{n}-closes": row.closes}  # fmt: skip
    return data | more


def test_operators_bring_in_holidays_and_others_see_nothing(cast: Cast, operator: Client, office: Calendar) -> None:
    url = reverse("admin:calendars_calendar_change", args=[office.pk])
    for person in (cast.agent, cast.finance, cast.buyer):
        assert signed_in(person).get(url).status_code in (302, 403, 404)
    desk = operator
    page = desk.get(url).content.decode()
    assert "Three business days from now" in page
    assert "Thanksgiving Day" in page
    before = Calendar.objects.get().version
    reply = desk.post(url, form(office, pasted="2026-11-27 Storm", country="CA", region="", first_year=2028))
    assert reply.status_code == 302, reply.context["errors"]
    assert Holiday.objects.filter(name="Storm").count() == 1
    assert Holiday.objects.filter(on=dt.date(2028, 7, 1), name="Canada Day").exists()
    assert Calendar.objects.get().version > before


def test_what_cannot_be_read_is_told_and_nothing_is_stored(cast: Cast, operator: Client, office: Calendar) -> None:
    desk, count = operator, Holiday.objects.count()
    url = reverse("admin:calendars_calendar_change", args=[office.pk])
    for more, words in (
        ({"pasted": "Storm"}, "Line 1"),
        ({"country": "XX"}, "Nothing is known of XX"),
        ({"time_zone": "Mars/Base"}, "no time zone"),
        ({f"hours-{n}-DELETE": "on" for n in range(5)}, "at least one weekday"),
    ):
        reply = desk.post(url, form(office, **more))
        assert (reply.status_code, words in reply.content.decode()) == (200, True), words
    data = form(office)
    del data["is_default"]
    assert "Make another calendar the default" in desk.post(url, data).content.decode()
    assert (Holiday.objects.count(), WorkingHours.objects.count()) == (count, 5)


def test_an_account_names_its_calendar_and_nothing_else_is_changed_here(
    cast: Cast, operator: Client, office: Calendar
) -> None:
    account = Account.objects.get(code="HARBOR")
    url = reverse("admin:accounts_account_change", args=[account.pk])
    assert operator.post(url, {"calendar": office.pk, "name": "Other"}).status_code == 302
    account.refresh_from_db()
    assert (account.calendar, account.name) == (office, "Harbor Hardware")
    assert signed_in(cast.agent).get(url).status_code in (302, 403)
