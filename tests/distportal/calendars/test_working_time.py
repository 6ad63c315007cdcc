"""Counting hours and days over weekends, holidays, short days, breaks and changing clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from distportal.calendars.errors import NoWorkingTime
from distportal.calendars.wording import explained
from distportal.calendars.working_time import ALL_DAY, MOST_DAYS, SpecialDay, WorkingTime

CHICAGO = ZoneInfo("America/Chicago")
NINE = ((dt.time(8), dt.time(17)),)
OFFICE = WorkingTime(
    name="US office",
    zone=CHICAGO,
    week=dict.fromkeys(range(1, 6), NINE),
    special={
        dt.date(2026, 11, 26): SpecialDay(name="Thanksgiving Day"),
        dt.date(2026, 12, 24): SpecialDay(name="Christmas Eve", spans=((dt.time(8), dt.time(12)),)),
        dt.date(2026, 12, 25): SpecialDay(name="Christmas Day"),
    },
)
WEEKDAYS = WorkingTime(name="weekdays", zone=CHICAGO, week=dict.fromkeys(range(1, 6), ALL_DAY))
ALWAYS = WorkingTime(name="always", zone=CHICAGO, week=dict.fromkeys(range(1, 8), ALL_DAY))
NEVER = WorkingTime(name="never", zone=CHICAGO, week={})


def at(text: str, zone: ZoneInfo = CHICAGO) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(text: str) -> dt.timedelta:
    return dt.timedelta(hours=float(text))


@pytest.mark.parametrize(
    ("calendar", "start", "span", "due"),
    [
        (WEEKDAYS, "2026-11-27T15:00", "24", "2026-11-30T15:00"),  # a Friday
        (WEEKDAYS, "2026-11-28T15:00", "2", "2026-11-30T02:00"),  # a Saturday: counted from Monday on
        (WEEKDAYS, "2026-11-25T15:00", "2.5", "2026-11-25T17:30"),
        (WEEKDAYS, "2026-11-30T03:00", "-4", "2026-11-27T23:00"),
        (WEEKDAYS, "2026-11-23T00:00", "240", "2026-12-05T00:00"),
        (OFFICE, "2026-11-25T15:00", "2", "2026-11-25T17:00"),
        (OFFICE, "2026-11-25T15:00", "3", "2026-11-27T09:00"),  # Thursday is a holiday
        (OFFICE, "2026-11-25T06:00", "1", "2026-11-25T09:00"),  # before opening
        (OFFICE, "2026-11-25T22:00", "1", "2026-11-27T09:00"),  # after closing
        (OFFICE, "2026-12-24T11:00", "2", "2026-12-28T09:00"),  # a short day, then a holiday and a weekend
        (OFFICE, "2026-11-27T09:00", "-2", "2026-11-25T16:00"),
        (OFFICE, "2026-11-28T09:00", "0", "2026-11-28T09:00"),
    ],
)
def test_hours_are_those_that_the_calendar_works(calendar: WorkingTime, start: str, span: str, due: str) -> None:
    assert calendar.after_hours(at(start), hours(span)) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-25T15:00", 3, "2026-12-01T17:00"),
        ("2026-11-25T23:30", 1, "2026-11-27T17:00"),
        ("2026-11-28T10:00", 1, "2026-11-30T17:00"),  # a Saturday: Monday is the first business day after it
        ("2026-12-23T09:00", 1, "2026-12-24T12:00"),  # the first one is short
        ("2026-12-02T00:00", -2, "2026-11-27T17:00"),  # the end of the 1st: one back is Monday, two is Friday
        ("2026-11-28T10:00", 0, "2026-11-28T10:00"),
    ],
)
def test_days_end_when_work_ends_and_the_first_is_not_counted(start: str, days: int, due: str) -> None:
    assert OFFICE.after_days(at(start), days) == at(due)


@pytest.mark.parametrize("calendar", [OFFICE, WEEKDAYS, ALWAYS])
def test_years_by_whole_months_are_the_sum_of_their_weeks(calendar: WorkingTime) -> None:
    for start, end in (
        ("2026-09-15T12:00", "2027-03-20T09:30"),
        ("2026-10-01T00:00", "2027-01-01T00:00"),
        ("2026-10-31T23:59", "2026-12-31T00:01"),
        ("2026-03-07T10:00", "2028-11-26T16:00"),  # the clocks change five times
    ):
        steps, total = at(start), dt.timedelta(0)
        while steps < at(end):
            after = min(steps + dt.timedelta(days=7), at(end))
            total, steps = total + calendar.worked(steps, after), after
        assert calendar.worked(at(start), at(end)) == total, start
        assert calendar.worked(at(end), at(start)) == dt.timedelta(0)


@pytest.mark.parametrize("starts", [("2026-03-07T10:00", "2024-05-31T16:59"), ("2024-05-31T16:59", "2026-03-07T10:00")])
def test_days_are_counted_alike_whichever_were_counted_first(starts: tuple[str, str]) -> None:
    fresh = replace(OFFICE)
    for start in starts:
        for end in ("2026-03-07T09:00", "2026-03-07T10:30", "2026-03-08T10:30", "2026-03-31T12:00", "2026-12-28T08:30"):
            first, last = at(start).date(), at(end).date()
            days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
            spans = [span for day in days for span in OFFICE.spans_on(day)]
            parts = (min(to, at(end)) - max(since, at(start)) for since, to in spans)
            assert fresh.worked(at(start), at(end)) == sum((p for p in parts if p > hours("0")), hours("0")), (
                start,
                end,
            )


def test_beyond_what_is_looked_at_nothing_is_counted() -> None:
    assert ALWAYS.worked(at("2020-01-01T00:00"), at("2030-01-01T00:00")) == dt.timedelta(days=MOST_DAYS)


def test_a_break_is_no_working_time() -> None:
    split = WorkingTime(
        name="split", zone=CHICAGO, week={3: ((dt.time(13), dt.time(17)), (dt.time(8), dt.time(12)))}
    )  # fmt: skip
    assert split.after_hours(at("2026-11-25T11:00"), hours("2")) == at("2026-11-25T14:00")
    assert split.after_hours(at("2026-11-25T14:00"), hours("-2")) == at("2026-11-25T11:00")


def test_a_day_on_which_the_clocks_change_has_the_hours_that_it_really_has() -> None:
    assert ALWAYS.after_hours(at("2026-10-31T12:00"), hours("24")) == at("2026-11-01T11:00"), "25 hours long"
    assert ALWAYS.after_hours(at("2026-03-07T12:00"), hours("24")) == at("2026-03-08T13:00"), "23 hours long"
    assert ALWAYS.after_hours(at("2026-11-01T11:00"), hours("-24")) == at("2026-10-31T12:00")
    whole = [
        sum((e - b for b, e in ALWAYS.spans_on(dt.date(2026, m, d))), dt.timedelta()) for m, d in ((3, 8), (11, 1))
    ]
    assert whole == [hours("23"), hours("25")]
    night = WorkingTime(name="night", zone=CHICAGO, week={7: ((dt.time(2), dt.time(2, 30)), (dt.time(4), dt.time(5)))})
    assert night.after_hours(at("2026-03-08T00:00"), hours("1")) > at("2026-03-08T04:00"), "02:00 does not exist then"


def test_hours_at_the_office_keep_the_wall_clock_over_a_change() -> None:
    assert OFFICE.after_hours(at("2026-10-30T16:00"), hours("2")) == at("2026-11-02T09:00")
    assert OFFICE.after_days(at("2026-10-30T16:00"), 1) == at("2026-11-02T17:00")
    assert OFFICE.after_days(at("2026-03-06T16:00"), 1) == at("2026-03-09T17:00")


def test_a_moment_of_another_zone_belongs_to_the_day_that_it_is_here() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    assert OFFICE.after_days(at("2026-11-25T06:00", tokyo), 1) == at("2026-11-25T17:00"), "still Tuesday in Chicago"
    assert OFFICE.end_of(dt.date(2026, 11, 1)) == at("2026-11-02T00:00")


def test_a_calendar_without_working_time_says_so() -> None:
    for count in (
        lambda: NEVER.after_hours(at("2026-11-25T15:00"), hours("1")),
        lambda: NEVER.after_days(at("2026-11-25T15:00"), -1),
    ):
        with pytest.raises(NoWorkingTime, match="never has no working time"):
            count()


def test_the_words_name_what_moved_the_time() -> None:
    start = at("2026-11-25T15:00")
    assert explained("3 business days", start, OFFICE.after_days(start, 3), OFFICE) == (
        "3 business days from Wed 25 Nov 15:00, Thu 26 Nov is a holiday (Thanksgiving Day) → Tue 1 Dec 17:00 "
        "(US office, America/Chicago)"
    )
    start = at("2026-12-23T16:00")
    assert explained("6 business hours", start, OFFICE.after_hours(start, hours("6")), OFFICE) == (
        "6 business hours from Wed 23 Dec 16:00, Thu 24 Dec is short, 08:00–12:00 (Christmas Eve), Fri 25 Dec is a "
        "holiday (Christmas Day) → Mon 28 Dec 09:00 (US office, America/Chicago)"
    )
    start = at("2026-10-30T16:00")
    words = explained("1 business day", start, OFFICE.after_days(start, 1), OFFICE)
    assert words.startswith("1 business day from Fri 30 Oct 16:00, the clocks change in between → Mon 2 Nov 17:00")
    start = at("2027-01-01T00:00")
    words = explained("2 business days", start, OFFICE.after_days(start, -2), OFFICE)
    assert words.startswith("2 business days before Fri 1 Jan 2027 00:00 → Tue 29 Dec 2026 17:00")
