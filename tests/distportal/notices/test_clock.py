"""A person's clock: quiet hours over midnight, the digest's moment, and days with 23 hours."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from distportal.notices.clock import PersonClock

CHICAGO = ZoneInfo("America/Chicago")
MADRID = ZoneInfo("Europe/Madrid")


def local(text: str, zone: ZoneInfo = CHICAGO) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


NIGHT = PersonClock(zone=CHICAGO, quiet_from=dt.time(20), quiet_until=dt.time(7))


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-05-04T19:59", None),
        ("2026-05-04T20:00", "2026-05-05T07:00"),
        ("2026-05-05T03:00", "2026-05-05T07:00"),
        ("2026-05-05T07:00", None),
    ],
)
def test_quiet_hours_pass_midnight(now: str, ends: str | None) -> None:
    assert NIGHT.quiet_ends(local(now)) == (local(ends) if ends else None)


def test_quiet_hours_at_noon_end_on_the_same_day_and_are_the_persons_own() -> None:
    lunch = PersonClock(zone=MADRID, quiet_from=dt.time(13), quiet_until=dt.time(15))
    assert lunch.quiet_ends(local("2026-05-04T14:00", MADRID)) == local("2026-05-04T15:00", MADRID)
    assert lunch.quiet_ends(local("2026-05-04T14:00", CHICAGO)) is None


def test_none_are_none() -> None:
    assert PersonClock(zone=CHICAGO).quiet_ends(local("2026-05-04T03:00")) is None
    same = PersonClock(zone=CHICAGO, quiet_from=dt.time(7), quiet_until=dt.time(7))
    assert same.quiet_ends(local("2026-05-04T07:00")) is None


def test_the_digest_comes_at_its_hour_today_or_tomorrow() -> None:
    clock = PersonClock(zone=CHICAGO, digest_at=dt.time(7))
    assert clock.next_digest(local("2026-05-04T06:59")) == local("2026-05-04T07:00")
    assert clock.next_digest(local("2026-05-04T07:00")) == local("2026-05-05T07:00")


def test_the_morning_after_the_clocks_changed_is_still_seven() -> None:
    before = local("2026-03-07T22:00")  # the night of the 8th has 23 hours in Chicago
    assert NIGHT.quiet_ends(before) == local("2026-03-08T07:00")
    assert (NIGHT.quiet_ends(before) or before).astimezone(dt.UTC) - before.astimezone(dt.UTC) == dt.timedelta(hours=8)
