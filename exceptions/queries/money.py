"""Open cases by queue: how many, how many are late, what they block and who acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Case as Either
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum, TextField, When
from django.db.models.functions import Cast, Now

from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.queries.cases import open_cases

Money = dict[str, Decimal]
"""Amounts by currency; nothing is converted."""


@dataclass(slots=True, kw_only=True)
class QueueStanding:
    """One queue. `money` is what its open cases block, `late_money` what the late ones do; `worst` is a severity."""

    code: str
    name: str
    group: str
    cases: int = 0
    late: int = 0
    unowned: int = 0
    worst: int = 0
    oldest_at: dt.datetime | None = None
    late_since: dt.datetime | None = None
    money: Money = field(default_factory=dict)
    late_money: Money = field(default_factory=dict)


def queue_standings() -> list[QueueStanding]:
    """Every queue with open cases, that with the most money in one currency first; one query over open cases."""
    late = Q(due_at__lt=Now()) & ~Q(status__in=CaseStatus.PAUSED)
    rows = (
        open_cases()
        .order_by("queue__code", "currency")
        .values("queue__code", "queue__name", "queue__group", "currency")
        .annotate(
            cases=Count("pk"), late_cases=Count("pk", filter=late), unowned=Count("pk", filter=Q(owner=None)),
            worst=Max("severity"), oldest=Min("created_at"), late_since=Min("due_at", filter=late),
            money=Sum("amount"), late_money=Sum("amount", filter=late),
        )
    )  # fmt: skip
    found: dict[str, QueueStanding] = {}
    for row in rows:
        code = row["queue__code"]
        one = found.setdefault(code, QueueStanding(code=code, name=row["queue__name"], group=row["queue__group"]))
        one.cases, one.late = one.cases + row["cases"], one.late + row["late_cases"]
        one.unowned, one.worst = one.unowned + row["unowned"], max(one.worst, row["worst"])
        one.oldest_at = min(filter(None, (one.oldest_at, row["oldest"])), default=None)
        one.late_since = min(filter(None, (one.late_since, row["late_since"])), default=None)
        one.money |= {row["currency"]: row["money"]} if row["money"] else {}
        one.late_money |= {row["currency"]: row["late_money"]} if row["late_money"] else {}
    return sorted(found.values(), key=lambda one: (-most_of(one.money), one.code))


def blocked_once(cases: QuerySet[Case]) -> Money:
    """What the cases block by currency: an order that several of them are about counts once, with the most of it."""
    named = Either(When(reference="", then=Cast("pk", TextField())), default=F("reference"), output_field=TextField())
    things = cases.filter(amount__gt=0).order_by().annotate(thing=named).values("currency", "account", "thing")
    found = things.annotate(most=Max("amount")).values_list("currency", "most")
    total: Money = {}
    for currency, most in found.iterator():
        total[currency] = total.get(currency, Decimal(0)) + most
    return dict(sorted(total.items()))


def most_of(money: Money) -> Decimal:
    """The largest amount, whatever its currency."""
    return max(money.values(), default=Decimal(0))


def added(parts: Iterable[Money]) -> Money:
    """The amounts of all by currency."""
    found: Money = {}
    for part in parts:
        for currency, amount in part.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return dict(sorted(found.items()))
