"""What is open now: by whom it is done, where it waits, and how old it has become.

One query for all of it, and one each for what is blocked by person and by queue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, Min, Q, Value, When
from django.db.models.functions import Now

from exceptions.choices import CaseStatus
from exceptions.queries.blocked import Money, blocked_by
from exceptions.queries.cases import open_cases
from exceptions.registry import case_kind

AGES = ((1, "under a day"), (3, "1 to 3 days"), (7, "3 to 7 days"), (30, "7 to 30 days"), (0, "over 30 days"))
"""Days that a case has been open, each up to the first number; the last are older than all of these."""
Row = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Load:
    """What is open of one person, queue or kind. `ages` counts by AGES; `blocked` has an order once, and is left out
    of kinds.
    """

    key: str
    name: str
    open: int = 0
    late: int = 0
    aside: int = 0
    unowned: int = 0
    oldest_at: dt.datetime | None = None
    blocked: Money = field(default_factory=dict)
    ages: list[int] = field(default_factory=lambda: [0] * len(AGES))
    settled: int = 0

    @property
    def in_time(self) -> int:
        """Neither late nor waiting for others."""
        return max(self.open - self.late - self.aside, 0)

    def take(self, row: Row) -> None:
        """Put a row of `open_rows` on top."""
        self.open += row["open"]
        self.late += row["late"]
        self.aside += row["aside"]
        self.ages[row["age"]] += row["open"]
        self.unowned += 0 if row["owner__email"] else row["open"]
        self.oldest_at = min(filter(None, (self.oldest_at, row["oldest"])))


def open_rows() -> Sequence[Row]:
    """The open cases counted by owner, queue, kind and age. A case that waits for others is not late."""
    now = Now()
    older = [
        When(created_at__gt=now - dt.timedelta(days=days), then=Value(at))
        for at, (days, _) in enumerate(AGES[:-1])
    ]  # fmt: skip
    running = ~Q(status__in=CaseStatus.PAUSED)
    rows = open_cases().order_by()
    counted = (
        rows.annotate(age=Choose(*older, default=Value(len(AGES) - 1), output_field=IntegerField()))
        .values("owner__email", "owner__name", "queue__code", "queue__name", "kind", "age")
        .annotate(
            open=Count("pk"), late=Count("pk", filter=running & Q(due_at__lt=now)),
            aside=Count("pk", filter=~running), oldest=Min("created_at"),
        )
    )  # fmt: skip
    return [dict(row) for row in counted]


def by_queue(rows: Iterable[Row]) -> list[Load]:
    """The fullest first."""
    loads = _folded(rows, lambda row: (row["queue__code"], row["queue__name"]))
    return _largest(_with_money(loads, by="queue__code").values())


def by_kind(rows: Iterable[Row]) -> list[Load]:
    """The kind with most old cases first."""
    loads = _folded(rows, lambda row: (row["kind"], case_kind(row["kind"]).title)).values()
    return sorted(loads, key=lambda load: ([-n for n in reversed(load.ages)], load.name))


def by_person(rows: Iterable[Row], *, settled: dict[str, int], names: dict[str, str]) -> list[Load]:
    """Everybody who has something or settled something; `settled` and `names` by e-mail address. What nobody has comes
    first, with an empty key.
    """
    loads = _folded(rows, lambda row: (row["owner__email"] or "", row["owner__name"] or "Nobody"))
    for email, count in settled.items():
        if email in names:
            loads.setdefault(email, Load(key=email, name=names[email])).settled = count
    _with_money(loads, by="owner__email")
    return sorted(loads.values(), key=lambda load: (bool(load.key), -load.open, load.name))


def _folded(rows: Iterable[Row], key: Callable[[Row], tuple[str, str]]) -> dict[str, Load]:
    loads: dict[str, Load] = {}
    for row in rows:
        code, name = key(row)
        loads.setdefault(code, Load(key=code, name=name)).take(row)
    return loads


def _with_money(loads: dict[str, Load], *, by: str) -> dict[str, Load]:
    for key, money in blocked_by(open_cases(), by=by).items():
        if key in loads:  # what was opened since the rows were read is left for the next look
            loads[key].blocked = money
    return loads


def _largest(loads: Iterable[Load]) -> list[Load]:
    return sorted(loads, key=lambda load: (-load.open, load.name))
