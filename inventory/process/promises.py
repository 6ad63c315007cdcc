"""Write what was promised, so that everybody can see what was said first, what holds now, and who changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from inventory.models import Promise

PORTAL, ERP = "the portal", "the ERP"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedPart:
    """So much in base units on a day, None where no day is known; from where, and why."""

    quantity: Decimal
    on: dt.date | None
    warehouse: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """All parts of one demand."""

    ref: str
    parts: tuple[PromisedPart, ...]

    @property
    def complete_on(self) -> dt.date | None:
        """The day on which the last part can leave; None while one has no day."""
        days = [part.on for part in self.parts]
        return None if None in days else max((day for day in days if day), default=None)


@transaction.atomic(savepoint=False)
def record_promises(*, promises: Sequence[Promised], by: str, reason: str, first: bool = False) -> int:
    """How many promises are new or say another quantity or day than the last; the same again leaves no entry. `first`:
    the demands were made just now. The caller holds the lock of what the demands belong to.
    """
    last: dict[str, Promise] = {}
    if not first:
        rows = Promise.objects.filter(demand_ref__in=[p.ref for p in promises]).order_by("demand_ref", "-pk")
        last = {row.demand_ref: row for row in rows.distinct("demand_ref")}
    entries = [
        _entry(promised, by, reason)
        for promised in promises
        if promised.ref not in last or _days(last[promised.ref].parts) != _days(_parts(promised))
    ]
    Promise.objects.bulk_create(entries)
    return len(entries)


def _entry(promised: Promised, by: str, reason: str) -> Promise:
    return Promise(
        demand_ref=promised.ref,
        quantity=sum((part.quantity for part in promised.parts), Decimal(0)),
        promised_on=promised.complete_on,
        parts=_parts(promised),
        reason=reason[:200],
        by=by[:120],
    )


def _parts(promised: Promised) -> list[dict[str, Any]]:
    return [
        {
            "quantity": f"{part.quantity.normalize():f}",
            "warehouse": part.warehouse,
            "on": part.on.isoformat() if part.on else None,
            "why": part.why,
        }
        for part in promised.parts
    ]


def _days(parts: Sequence[dict[str, Any]]) -> dict[str | None, Decimal]:
    """How much on which day: what a promise is; the warehouse and the reason are how it is kept."""
    days: dict[str | None, Decimal] = {}
    for part in parts:
        days[part["on"]] = days.get(part["on"], Decimal(0)) + Decimal(part["quantity"])
    return days
