"""Working time between many pairs of moments, where each day is looked at once."""

from __future__ import annotations

import datetime as dt

from distportal.calendars.working_time import WorkingTime

_DAY = dt.timedelta(days=1)


class AddedTime:
    """The working time since a day is kept day by day: what lies between two moments is a difference of two sums.
    Moments before the day of `origin` count as its beginning.
    """

    def __init__(self, calendar: WorkingTime, origin: dt.datetime) -> None:
        self._calendar = calendar
        self._first = origin.astimezone(calendar.zone).date()
        self._sums = [dt.timedelta(0)]

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """As WorkingTime.worked; nothing where the moments are the other way round."""
        return max(self._until(end) - self._until(start), dt.timedelta(0))

    def _until(self, moment: dt.datetime) -> dt.timedelta:
        day = moment.astimezone(self._calendar.zone).date()
        if day < self._first:
            return dt.timedelta(0)
        before = self._before((day - self._first).days)
        at = moment.astimezone(dt.UTC)
        return before + sum(
            (min(end, at) - begin for begin, end in self._calendar.spans_on(day) if begin < at), dt.timedelta(0)
        )

    def _before(self, days: int) -> dt.timedelta:
        while len(self._sums) <= days:
            day = self._first + _DAY * (len(self._sums) - 1)
            spans = self._calendar.spans_on(day)
            self._sums.append(self._sums[-1] + sum((end - begin for begin, end in spans), dt.timedelta(0)))
        return self._sums[days]
