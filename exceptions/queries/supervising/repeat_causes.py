"""Causes that come again and again in a period, with what they block and the time they cost."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from distportal.calendars.adding import AddedTime
from distportal.calendars.queries import Calendars
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.queries.blocked import Money, blocked_by, costliest
from exceptions.queries.supervising.periods import Period
from exceptions.registry import case_kind

MOST = 25
SORTS = {"amount": "what they block", "hours": "hours in hand", "seen": "how often they were seen"}
"""By what the list may be sorted, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatCause:
    """One cause with at least two sightings. `hours` is working time from the first answer to the end (or now) without
    waiting for others; `money` is what its cases block or blocked, an order once.
    """

    key: str
    kind: str
    cases: int
    seen: int
    accounts: int
    still_open: int
    money: Money
    last_at: dt.datetime
    hours: float

    @property
    def title(self) -> str:
        """What people call the kind."""
        return case_kind(self.kind).title

    @property
    def amount(self) -> Decimal:
        """By what it is sorted: the money, whatever its currency."""
        return sum(self.money.values(), Decimal(0))


def repeat_causes(period: Period, *, sort: str = "amount", calendars: Calendars | None = None) -> list[RepeatCause]:
    """At most 25, the costliest first; four queries at most, and those of the calendars. A word that no sort has is
    `amount`.
    """
    sort = sort if sort in SORTS else "amount"
    came = Case.objects.filter(created_at__gte=period.start, created_at__lt=period.end).exclude(group_key="")
    found = _repeated(came, sort)
    keys = {row["group_key"] for row in found}
    hours = _hours(came, keys, period, calendars or Calendars())
    money = blocked_by(came.filter(group_key__in=keys), by="group_key")
    causes = [
        RepeatCause(
            key=row["group_key"], kind=row["named"], cases=row["cases"], seen=row["seen"], accounts=row["accounts"],
            still_open=row["still_open"], money=money.get(row["group_key"], {}), last_at=row["last_at"],
            hours=hours[row["group_key"]],
        )
        for row in found
    ]  # fmt: skip
    return sorted(causes, key=lambda one: (-getattr(one, sort), one.key))


def _repeated(came: QuerySet[Case], sort: str) -> Sequence[Mapping[str, Any]]:
    in_hand = ExpressionWrapper(
        Coalesce("resolved_at", "paused_at", Now()) - F("responded_at"), output_field=DurationField()
    )
    causes = came.order_by().values("group_key").annotate(seen=Sum("occurrences")).filter(seen__gte=2)
    if sort == "amount":
        keys = costliest(came.filter(group_key__in=causes.values("group_key")), by="group_key", most=MOST)
        causes = causes.filter(group_key__in=keys)
    counted = causes.annotate(
        cases=Count("pk"), accounts=Count("account", distinct=True), wall=Sum(in_hand),
        still_open=Count("pk", filter=~Q(status=CaseStatus.RESOLVED)), last_at=Max("created_at"), named=Max("kind"),
    )  # fmt: skip
    order = [] if sort == "amount" else [F({"hours": "wall"}.get(sort, sort)).desc(nulls_last=True)]
    return list(counted.order_by(*order, "group_key")[:MOST])


def _hours(rows: QuerySet[Case], keys: Collection[str], period: Period, calendars: Calendars) -> dict[str, float]:
    now, times = timezone.now(), dict[int | None, AddedTime]()
    seconds: dict[str, float] = defaultdict(float)
    taken = rows.filter(group_key__in=keys, responded_at__isnull=False).values_list(
        "group_key", "queue__calendar_id", "responded_at", "resolved_at", "paused_at", "paused_seconds"
    )
    for key, calendar, since, ended, paused, waited in taken.order_by().iterator(chunk_size=2_000):
        if calendar not in times:
            times[calendar] = AddedTime(calendars.of(calendar), period.start)
        worked = times[calendar].between(since or now, ended or paused or now).total_seconds()
        seconds[key] += max(worked - waited, 0)
    return defaultdict(float, {key: total / 3600 for key, total in seconds.items()})
