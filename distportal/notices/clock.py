"""A person's clock: when the quiet hours end and when the digest comes. Plain arithmetic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from distportal.notices.models import DIGEST_AT


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonClock:
    """Where a person's day is. Quiet hours may pass midnight; none where both ends are the same or missing."""

    zone: ZoneInfo
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None
    digest_at: dt.time = DIGEST_AT

    def quiet_ends(self, now: dt.datetime) -> dt.datetime | None:
        """When the quiet hours in which `now` falls end; None outside of them."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return None
        local = now.astimezone(self.zone)
        clock = local.time().replace(tzinfo=None)
        inside = start <= clock < end if start < end else clock >= start or clock < end
        if not inside:
            return None
        day = local.date() if clock < end else local.date() + dt.timedelta(days=1)
        return dt.datetime.combine(day, end, tzinfo=self.zone)

    def next_digest(self, now: dt.datetime) -> dt.datetime:
        """The first moment after `now` at which the digest comes."""
        today = now.astimezone(self.zone).date()
        at = dt.datetime.combine(today, self.digest_at, tzinfo=self.zone)
        return at if at > now else dt.datetime.combine(today + dt.timedelta(days=1), self.digest_at, tzinfo=self.zone)

    def today(self, now: dt.datetime) -> dt.date:
        """The person's date."""
        return now.astimezone(self.zone).date()
