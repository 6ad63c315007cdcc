"""Figures of the queue: each looks at no more rows than it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from distportal.accounts.models import User
from distportal.common.marks import A_CODE, A_KEY, A_MOMENT
from distportal.common.prepared import PreparedCount, PreparedRows, counted
from exceptions.choices import CaseStatus
from exceptions.models import Case, CaseView
from exceptions.queries.blocked import Money, blocked_by_all
from exceptions.queries.listing import VIEWS, Asked, cases_asked

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCount:
    """A view with how many cases are in it, at most 1,000, and since when the oldest waits."""

    name: str
    query: Mapping[str, str]
    count: int | None = None
    oldest_at: dt.datetime | None = None
    saved: CaseView | None = None

    @property
    def address(self) -> str:
        """The words of the view as a query string."""
        return urlencode(self.query)

    @property
    def shown(self) -> str:
        """`12`, or `999+`."""
        return "" if self.count is None else "999+" if self.count >= MOST_COUNTED else str(self.count)


def views_with_counts(user: User) -> list[ViewCount]:
    """The views that everybody has, then one's own and the shared ones."""
    found = _of_everybodys(user)
    own = [
        ViewCount(name=label, query=Asked(view, {}).query, count=count, oldest_at=oldest)
        for view, label in VIEWS.items()
        for count, oldest in [found.get(view, (None, None))]
    ]
    return own + [_counted(Asked.of(_words(row)), row.name, user, row) for row in _SAVED(user.pk)]


def _of_everybodys(user: User) -> dict[str, tuple[int, dt.datetime | None]]:
    """By view how many cases are in it and since when the oldest waits; one statement, put together once a process."""
    sql, params = _everybodys()
    with connection.cursor() as cursor:
        cursor.execute(sql, [user.pk if one == A_KEY else one for one in params])
        return {view: (count, oldest) for view, count, oldest in cursor.fetchall()}


@cache
def _everybodys() -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    given: list[Any] = []
    for view in VIEWS:
        if view != "resolved":
            rows = cases_asked(Asked(view, {}), User(pk=A_KEY)).order_by("created_at").values("created_at")
            sql, params = rows[:MOST_COUNTED].query.sql_with_params()
            parts.append(f"SELECT '{view}', COUNT(*), MIN(created_at) FROM ({sql}) AS found")  # noqa: S608 - the ORM's
            given += params
    return " UNION ALL ".join(parts), tuple(given)


def _saved_of(user_id: UUID) -> QuerySet[CaseView, CaseView]:
    rows = CaseView.objects.filter(Q(user=user_id) | Q(shared=True)).select_related("user")
    return rows.order_by("name", "pk")[:40]


_SAVED = PreparedRows(_saved_of)
"""A person's views and those of all."""


def _words(row: CaseView) -> dict[str, str]:
    return dict(parse_qsl(row.query))


def _counted(asked: Asked, name: str, user: User, saved: CaseView) -> ViewCount:
    count, oldest = None, None
    if asked.view != "resolved":
        rows = cases_asked(asked, user).order_by("created_at")[:MOST_COUNTED]
        found = rows.aggregate(count=Count("pk"), oldest=Min("created_at"))
        count, oldest = found["count"], found["oldest"]
    return ViewCount(name=name, query=asked.query, count=count, oldest_at=oldest, saved=saved)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What came and went today, in the site's time zone, what is late now, and what is blocked, an order once."""

    came: int
    settled: int
    late: int
    blocked: Money


def day_figures() -> DayFigures:
    """Two statements over indexed parts: today's cases, today's ends and what is late; what is open by currency."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    came, settled, late = counted([(_CAME, [midnight]), (_SETTLED, [midnight]), (_LATE, [_OVER])])
    return DayFigures(came=came, settled=settled, late=late, blocked=blocked_by_all())


_OVER = CaseStatus.RESOLVED.value


def _still(over: str) -> QuerySet[Case]:
    return Case.objects.exclude(status=over)


_CAME = PreparedCount(lambda since: Case.objects.filter(created_at__gte=since), A_MOMENT, most=None)
_SETTLED = PreparedCount(lambda since: Case.objects.filter(status=_OVER, resolved_at__gte=since), A_MOMENT, most=None)
_LATE = PreparedCount(
    lambda over: _still(over).exclude(status__in=CaseStatus.PAUSED).filter(due_at__lt=Now()), A_CODE, most=None
)


def next_due(now: dt.datetime) -> Case | None:
    """The open case that is due next of those that are not late and do not wait; None where nothing is due."""
    rows = Case.objects.exclude(status=CaseStatus.RESOLVED).exclude(status__in=CaseStatus.PAUSED)
    return rows.filter(due_at__gte=now).order_by("due_at", "number").first()
