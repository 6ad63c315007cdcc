"""Causes that come again and again in a period, with what they block and the time they cost."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from distportal.calendars.adding import AddedTime
from distportal.calendars.queries import Calendars
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.queries.supervising.periods import Period
from exceptions.registry import case_kind

MOST = 25
SORTS = {"amount": "what they block", "hours": "hours in hand", "seen": "how often they were seen"}
"""By what the list may be sorted, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatCause:
    """One cause with at least two sightings. `hours` is working time from the first answer to the end (or now) without
    waiting for others; `amount` is what its cases block or blocked, of the one `currency` where `currencies` is 1.
    """

    key: str
    kind: str
    cases: int
    seen: int
    accounts: int
    still_open: int
    amount: Decimal
    currency: str
    currencies: int
    last_at: dt.datetime
    hours: float

    @property
    def title(self) -> str:
        """What people call the kind."""
        return case_kind(self.kind).title


def repeat_causes(period: Period, *, sort: str = "amount", calendars: Calendars | None = None) -> list[RepeatCause]:
    """At most 25, the costliest first; two queries, and those of the calendars. A word that no sort has is `amount`."""
    sort = sort if sort in SORTS else "amount"
    came = Case.objects.filter(created_at__gte=period.start, created_at__lt=period.end).exclude(group_key="")
    in_hand = ExpressionWrapper(
        Coalesce("resolved_at", "paused_at", Now()) - F("responded_at"), output_field=DurationField()
    )
    found = list(
        came.order_by().values("group_key").annotate(  # a name that is a column, too, comes after what counts it
            currencies=Count("currency", distinct=True, filter=Q(amount__gt=0)), cases=Count("pk"),
            seen=Sum("occurrences"), accounts=Count("account", distinct=True), wall=Sum(in_hand),
            still_open=Count("pk", filter=~Q(status=CaseStatus.RESOLVED)), last_at=Max("created_at"),
            named=Max("kind"), money=Min("currency", filter=Q(amount__gt=0)), blocked=Sum("amount"),
        ).filter(seen__gte=2)
        .order_by(F({"amount": "blocked", "hours": "wall"}.get(sort, sort)).desc(nulls_last=True), "group_key")[:MOST]
    )  # fmt: skip
    hours = _hours(came, {row["group_key"] for row in found}, period, calendars or Calendars())
    causes = [
        RepeatCause(
            key=row["group_key"], kind=row["named"], cases=row["cases"], seen=row["seen"], accounts=row["accounts"],
            still_open=row["still_open"], amount=row["blocked"], currency=row["money"] or "USD",
            currencies=row["currencies"], last_at=row["last_at"], hours=hours[row["group_key"]],
        )
        for row in found
    ]  # fmt: skip
    return sorted(causes, key=lambda one: -getattr(one, sort))


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
