"""Open cases by queue: how many, how many are late, what they block and who acts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Now

from exceptions.choices import CaseStatus
from exceptions.queries.blocked import Money, blocked_by
from exceptions.queries.cases import open_cases


@dataclass(slots=True, kw_only=True)
class QueueStanding:
    """One queue. `money` is what its open cases block, an order once, `late_money` what the late ones do; `worst` is a
    severity.
    """

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
    """Every queue with open cases, that with the most money in one currency first; three queries over open cases."""
    late = Q(due_at__lt=Now()) & ~Q(status__in=CaseStatus.PAUSED)
    rows = (
        open_cases()
        .order_by("queue__code")
        .values("queue__code", "queue__name", "queue__group")
        .annotate(
            cases=Count("pk"), late_cases=Count("pk", filter=late), unowned=Count("pk", filter=Q(owner=None)),
            worst=Max("severity"), oldest=Min("created_at"), late_since=Min("due_at", filter=late),
        )
    )  # fmt: skip
    money = blocked_by(open_cases(), by="queue__code")
    late_money = blocked_by(open_cases().filter(late), by="queue__code")
    found = [
        QueueStanding(
            code=row["queue__code"], name=row["queue__name"], group=row["queue__group"], cases=row["cases"],
            late=row["late_cases"], unowned=row["unowned"], worst=row["worst"], oldest_at=row["oldest"],
            late_since=row["late_since"], money=money.get(row["queue__code"], {}),
            late_money=late_money.get(row["queue__code"], {}),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-most_of(one.money), one.code))


def most_of(money: Money) -> Decimal:
    """The largest amount, whatever its currency."""
    return max(money.values(), default=Decimal(0))
