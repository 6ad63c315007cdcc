"""How cases came and ended in a period: by day, by kind and by person, from the history that nobody can change."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from distportal.accounts.models import User
from exceptions.choices import CaseStatus, Resolution
from exceptions.models import Case, CaseEntry
from exceptions.queries.supervising.periods import Period
from exceptions.registry import case_kind

ENDED, REOPENED = "resolved: ", "reopened"
BY_ITSELF = ENDED + str(Resolution.BY_EVENT.label).lower()


class Percentile(Aggregate):
    """The value below which a part of the rows lies, between two rows in proportion."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How many cases came and how many ended on a day."""

    on: dt.date
    came: int
    ended: int


def days(period: Period) -> list[Day]:
    """Each day of the period, in the site's time zone; two queries."""
    came = _by_day(Case.objects.filter(created_at__gte=period.start, created_at__lt=period.end), "created_at")
    ended = _by_day(_entries(period).filter(action__startswith=ENDED), "at")
    return [Day(on=day, came=came.get(day, 0), ended=ended.get(day, 0)) for day in period.days]


@dataclass(slots=True, kw_only=True)
class Ends:
    """The ends of one kind's cases. `half` and `most` are the times from opening (or opening again) to the end under
    which half and nine tenths of the cases that stay settled were; `in_time` is how many of these were not late.
    """

    kind: str
    title: str
    ended: int = 0
    by_itself: int = 0
    reopened: int = 0
    settled: int = 0
    in_time: int = 0
    half: dt.timedelta | None = None
    most: dt.timedelta | None = None

    def share(self, count: int) -> int | None:
        """The count in percent of the ends; None without any."""
        return round(100 * count / self.ended) if self.ended else None

    @property
    def by_itself_share(self) -> int | None:
        """How many of a hundred ends needed nobody."""
        return self.share(self.by_itself)

    @property
    def reopened_share(self) -> int | None:
        """How many were opened again for each hundred that ended."""
        return self.share(self.reopened)

    @property
    def in_time_share(self) -> int | None:
        """How many of a hundred cases that stay settled were in time."""
        return round(100 * self.in_time / self.settled) if self.settled else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFigures:
    """All kinds together, each kind, and how many ends each of our people (by address) brought about; `names` are
    theirs.
    """

    all: Ends
    kinds: list[Ends]
    people: dict[str, int]
    names: dict[str, str]


def ends(period: Period) -> EndFigures:
    """Three queries: over the history of the period, who of those who acted works here, and over the cases that were
    settled in it and stay so. What one of our people did that ended a case, such as deciding its dispute, is an end by
    that person, and by itself ended what needed none of them.
    """
    found = _entries(period).filter(Q(action__startswith=ENDED) | Q(action=REOPENED)).order_by()
    total, kinds, people = Ends(kind="", title="All kinds"), dict[str, Ends](), Counter[str]()
    counted = list(found.values_list("case__kind", "action", "actor").annotate(count=Count("pk")))
    names = _ours({actor for _, _, actor, _ in counted})
    for kind, action, actor, count in counted:
        for one in (total, kinds.setdefault(kind, Ends(kind=kind, title=case_kind(kind).title))):
            if action == REOPENED:
                one.reopened += count
            else:
                one.ended += count
                one.by_itself += count if action == BY_ITSELF and actor not in names else 0
        if action != REOPENED and actor in names:
            people[actor] += count
    for row in _times(period):
        one = kinds.setdefault(row["kind"], Ends(kind=row["kind"], title=case_kind(row["kind"]).title))
        one.settled, one.in_time, one.half, one.most = row["settled"], row["in_time"], row["half"], row["most"]
        total.settled, total.in_time = total.settled + row["settled"], total.in_time + row["in_time"]
    ranked = sorted(kinds.values(), key=lambda one: (-one.ended, one.title))
    return EndFigures(all=total, kinds=ranked, people=dict(people), names=names)


def _ours(actors: set[str]) -> dict[str, str]:
    return dict(User.objects.filter(email__in=actors, is_staff=True).values_list("email", "name"))


def _times(period: Period) -> list[dict[str, Any]]:
    took = ExpressionWrapper(F("resolved_at") - Coalesce("clock_from", "created_at"), output_field=DurationField())
    rows = Case.objects.filter(
        status=CaseStatus.RESOLVED, resolved_at__gte=period.start, resolved_at__lt=period.end
    ).order_by()  # fmt: skip
    timed = rows.values("kind").annotate(
        settled=Count("pk"), in_time=Count("pk", filter=Q(due_at=None) | Q(resolved_at__lte=F("due_at"))),
        half=Percentile(took, part=0.5, output_field=DurationField()),
        most=Percentile(took, part=0.9, output_field=DurationField()),
    )  # fmt: skip
    return [dict(row) for row in timed]


def _entries(period: Period) -> QuerySet[CaseEntry]:
    return CaseEntry.objects.filter(at__gte=period.start, at__lt=period.end)


def _by_day(rows: QuerySet[Case] | QuerySet[CaseEntry], column: str) -> dict[dt.date, int]:
    counted = rows.order_by().annotate(on=TruncDate(column)).values_list("on").annotate(count=Count("pk"))
    return dict(counted)
