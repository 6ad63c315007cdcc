"""What was promised of demands, first and now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import CharField

from distportal.common.among import Among
from distportal.common.marks import SOME_TEXTS
from distportal.common.prepared import PreparedRows
from inventory.models import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPart:
    """So much in base units on a day, from where and why."""

    quantity: Decimal
    on: dt.date | None
    warehouse: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry of a promise log."""

    parts: tuple[ToldPart, ...]
    promised_on: dt.date | None
    by: str
    reason: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLog:
    """Everything that was promised of one demand, the oldest first."""

    entries: tuple[Told, ...]

    @property
    def first(self) -> Told:
        """What was promised first."""
        return self.entries[0]

    @property
    def now(self) -> Told:
        """What is promised now."""
        return self.entries[-1]

    @property
    def later(self) -> bool:
        """Whether it is later now than it was promised first; what nothing is promised of any more is not late."""
        if not self.now.parts:
            return False
        first, now = self.first.promised_on, self.now.promised_on
        return first is not None and (now is None or now > first)


_PROMISES = PreparedRows(
    lambda refs: Promise.objects.filter(Among("demand_ref", refs, of=CharField())).order_by("pk"), SOME_TEXTS
)


def promise_logs(*, demand_refs: Collection[str]) -> dict[str, PromiseLog]:
    """The log by demand, in one query; demands of which nothing was promised are missing."""
    found: dict[str, list[Told]] = {}
    for row in _PROMISES(list(demand_refs)):
        parts = tuple(
            ToldPart(
                quantity=Decimal(part["quantity"]),
                on=dt.date.fromisoformat(part["on"]) if part["on"] else None,
                warehouse=part["warehouse"],
                why=part["why"],
            )
            for part in row.parts
        )
        found.setdefault(row.demand_ref, []).append(
            Told(parts=parts, promised_on=row.promised_on, by=row.by, reason=row.reason, made_at=row.made_at)
        )
    return {ref: PromiseLog(entries=tuple(entries)) for ref, entries in found.items()}
