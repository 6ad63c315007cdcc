"""A day says its ISO form on hover, as a moment does its whole self."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.utils import timezone

from distportal.web.speaking import read_in
from distportal.web.templatetags.portal import clock, when

ROOT = Path(__file__).resolve().parents[2]


def test_a_plain_day_and_a_moment_have_theirs() -> None:
    day = '<time datetime="2026-05-12" title="2026-05-12">12 May 2026</time>'
    assert when(dt.date(2026, 5, 12)) == day
    moment = dt.datetime(2026, 5, 12, 3, 4, 5, tzinfo=dt.UTC)
    with read_in("America/Chicago"):
        assert when(moment) == (
            '<time datetime="2026-05-11T22:04:05-05:00" title="2026-05-11 22:04:05 CDT">11 May 2026, 22:04</time>'
        )


def test_of_today_the_time_is_enough() -> None:
    with read_in("America/Chicago"):
        now = timezone.now()
        assert re.fullmatch(r'<time datetime="[^"]+" title="[^"]+">\d\d:\d\d</time>', clock(now))
        assert clock(now - dt.timedelta(days=2)) == when(now - dt.timedelta(days=2))
    assert clock(None) == "—"


def test_no_page_of_dealers_writes_a_day_in_another_way() -> None:
    pages = [
        *(ROOT / "templates" / "orders" / "portal").rglob("*.html"),
        *(ROOT / "templates" / "inventory").rglob("*.html"),
    ]
    assert [page.name for page in pages if '|date:"j' in page.read_text()] == []
