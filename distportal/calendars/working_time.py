"""Counting in working time: plain arithmetic over a week, its exceptions and a time zone.

Moments are compared in UTC, so a day on which the clocks change has the hours that it really has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from zoneinfo import ZoneInfo

from distportal.calendars.errors import NoWorkingTime

MOST_DAYS = 1500
"""So far ahead or back working time is looked for."""
_ONE_DAY = dt.timedelta(days=1)
_INSTANT = dt.timedelta(microseconds=1)
_NO_TIME = dt.timedelta(0)
_SUMMING = Lock()
"""One thread at a time says from which month on is summed, and goes on from there."""
Span = tuple[dt.time, dt.time]
"""Opens and closes by the wall clock; closing at 00:00 is the end of the day."""
ALL_DAY: tuple[Span, ...] = ((dt.time(0), dt.time(0)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day that is not like its weekday: closed without spans, else open in them."""

    name: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """One calendar as it was read: `week` by ISO weekday (1 is Monday), `special` by date. `mark` changes with it."""

    name: str
    zone: ZoneInfo
    week: Mapping[int, Sequence[Span]]
    special: Mapping[dt.date, SpecialDay] = field(default_factory=dict)
    mark: str = ""
    _known: dict[dt.date, list[tuple[dt.datetime, dt.datetime]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _sums: dict[dt.date, dt.timedelta] = field(default_factory=dict, init=False, repr=False, compare=False)
    _months: dict[int, dt.timedelta] = field(default_factory=dict, init=False, repr=False, compare=False)

    def spans_on(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """When work is done on a day, in UTC, in order; empty for a day off. Worked out once: a list of late cases
        counts through the same weeks for each of its rows.
        """
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = self._spans(day)
        return found

    def _spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        special = self.special.get(day)
        rows = special.spans if special else self.week.get(day.isoweekday(), ())
        found = []
        for opens, closes in sorted(rows):
            last = day + _ONE_DAY if closes == dt.time(0) else day
            begin, end = self._instant(day, opens), self._instant(last, closes)
            if begin < end:  # the clock may skip a short span
                found.append((begin, end))
        return found

    def works_on(self, day: dt.date) -> bool:
        """Whether any work is done on the day."""
        return bool(self.spans_on(day))

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The day that a moment belongs to here; midnight belongs to the day that it ends."""
        return (moment - _INSTANT).astimezone(self.zone).date()

    def end_of(self, day: dt.date) -> dt.datetime:
        """The midnight that ends a day here."""
        return self._instant(day + _ONE_DAY, dt.time(0)).astimezone(self.zone)

    def after_hours(self, start: dt.datetime, hours: dt.timedelta) -> dt.datetime:
        """The moment at which so much working time has gone by since `start` (before it, if negative).

        Raises NoWorkingTime.
        """
        left, back = abs(hours), hours < dt.timedelta(0)
        if not left:
            return start.astimezone(self.zone)
        for begin, end in self._from(start, back=back):
            room = end - begin
            if left <= room:
                return (end - left if back else begin + left).astimezone(self.zone)
            left -= room
        raise self._nothing()

    def after_days(self, start: dt.datetime, days: int) -> dt.datetime:
        """When work ends on the `days`-th working day after that of `start` (before it, if negative); the day of
        `start` itself is not counted. Raises NoWorkingTime.
        """
        if not days:
            return start.astimezone(self.zone)
        step, left, day = (1 if days > 0 else -1), abs(days), self.day_of(start)
        for _ in range(MOST_DAYS):
            day += dt.timedelta(days=step)
            left -= self.works_on(day)
            if not left:
                return self.spans_on(day)[-1][1].astimezone(self.zone)
        raise self._nothing()

    def worked(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How much working time lies between two moments, the earlier first; nothing where they are the other way
        round. Beyond the days that are looked at nothing is counted.
        """
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        if last <= first:
            return self._on(first, start, end)
        last = min(last, first + dt.timedelta(days=MOST_DAYS - 1))
        return self._on(first, start, end) + self._whole(first + _ONE_DAY, last) + self._on(last, start, end)

    def _on(self, day: dt.date, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """What of a day's working time lies between two moments."""
        spans = self.spans_on(day)
        return sum((max(min(finish, end) - max(begin, start), _NO_TIME) for begin, finish in spans), _NO_TIME)

    def _whole(self, day: dt.date, until: dt.date) -> dt.timedelta:
        """The working time of the days from one to before another: of a case that is two years late not each day, nor
        each month, is looked at for each page.
        """
        return self._before(until) - self._before(day)

    def _before(self, day: dt.date) -> dt.timedelta:
        """The working time from some first month on to before this day; less than nothing for a day before it."""
        found = self._sums.get(day)
        if found is None:
            month = day.replace(day=1)
            found = self._sums[day] = self._before_month(day.year * 12 + day.month - 1) + self._days(month, day)
        return found

    def _before_month(self, month: int) -> dt.timedelta:
        """The same for a month as a number; those between it and what is known are summed up once."""
        sums = self._months
        if month not in sums:
            with _SUMMING:
                if not sums:
                    sums[month] = _NO_TIME
                for one in range(max(sums), month):
                    sums[one + 1] = sums[one] + self._month(one)
                for one in range(min(sums), month, -1):
                    sums[one - 1] = sums[one] - self._month(one - 1)
        return sums[month]

    def _month(self, month: int) -> dt.timedelta:
        return self._days(_first_of(month), _first_of(month + 1))

    def _days(self, day: dt.date, until: dt.date) -> dt.timedelta:
        days = (day + n * _ONE_DAY for n in range((until - day).days))
        return sum((finish - begin for one in days for begin, finish in self.spans_on(one)), _NO_TIME)

    def _from(self, start: dt.datetime, *, back: bool) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The working spans from a moment on, or back from it, each cut off at the moment."""
        day, now = start.astimezone(self.zone).date(), start.astimezone(dt.UTC)
        for _ in range(MOST_DAYS):
            spans = self.spans_on(day)
            for begin, end in reversed(spans) if back else spans:
                span = (begin, min(end, now)) if back else (max(begin, now), end)
                if span[0] < span[1]:
                    yield span
            day += -_ONE_DAY if back else _ONE_DAY

    def _instant(self, day: dt.date, at: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, at, tzinfo=self.zone).astimezone(dt.UTC)

    def _nothing(self) -> NoWorkingTime:
        return NoWorkingTime(f"The calendar {self.name} has no working time within {MOST_DAYS} days.")


def _first_of(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
