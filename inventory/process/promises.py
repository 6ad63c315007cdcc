"""Write what was promised, so that everybody can see what was said first, what holds now, and who changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import CharField
from django.utils.translation import gettext_noop

from distportal.common.among import Among
from distportal.common.bulk import insert_rows
from distportal.common.fresh_rows import fresh_row
from distportal.common.marks import SOME_TEXTS
from distportal.common.prepared import PreparedRows
from inventory.models import Promise

PORTAL, ERP = gettext_noop("the portal"), gettext_noop("the ERP")
WAITS, NO_RECEIPT = gettext_noop("waits for the next receipt"), gettext_noop("no receipt is announced")
"""Why a part leaves later or has no day, where the ERP has not set it aside."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPart:
    """So much of a demand was promised of a receipt of the day `was`, None where there was none; `now` it is another
    one, None where no day is known. Nothing leaves before it is `wanted_on`.
    """

    ref: str
    warehouse: str
    quantity: Decimal
    was: dt.date | None
    now: dt.date | None
    wanted_on: dt.date | None = None

    @property
    def on(self) -> dt.date | None:
        """The day that can be promised."""
        return max(self.now, self.wanted_on or self.now) if self.now else None


@transaction.atomic(savepoint=False)
def move_promises(*, parts: Sequence[MovedPart], by: str) -> list[str]:
    """The demands that have a new entry: what was promised for the old day, or without one, is promised for the new.

    A day that the ERP told by itself holds as long as the receipt comes by then: moved beyond it, that is promised for
    the new day, too. The caller holds the demands' locks.
    """
    last = _last([part.ref for part in parts])
    entries: dict[str, Promise] = {}
    for moved in parts:
        row = entries.get(moved.ref) or last.get(moved.ref)
        after = _moved(row.parts, moved) if row else None
        if after is not None:
            entries[moved.ref] = _entry(Promised(ref=moved.ref, parts=after), by, _why(moved))
    Promise.objects.bulk_create(entries.values())
    return list(entries)


@transaction.atomic(savepoint=False)
def withdraw_promises(*, refs: Sequence[str], by: str, reason: str) -> int:
    """How many demands nothing is promised of any more; those of which nothing was are left out."""
    rows = [row for row in _last(refs).values() if row.parts]
    entries = [_entry(Promised(ref=row.demand_ref, parts=()), by, reason) for row in rows]
    Promise.objects.bulk_create(entries)
    return len(entries)


_LAST = PreparedRows(
    lambda refs: (
        Promise.objects.filter(Among("demand_ref", refs, of=CharField()))
        .order_by("demand_ref", "-pk")
        .distinct("demand_ref")
    ),
    SOME_TEXTS,
)


def _last(refs: Sequence[str]) -> dict[str, Promise]:
    return {row.demand_ref: row for row in _LAST(list(refs))}


def _moved(parts: Sequence[dict[str, Any]], moved: MovedPart) -> tuple[PromisedPart, ...] | None:
    """The parts with the moved quantity on its new day; None where none of them is for the old one."""
    told = [
        PromisedPart(
            quantity=Decimal(p["quantity"]), on=dt.date.fromisoformat(p["on"]) if p["on"] else None,
            warehouse=p["warehouse"], why=p["why"],
        )
        for p in parts
    ]  # fmt: skip
    # Of what has no day, that which waits for a receipt; the rest may only leave together with it.
    order = sorted(range(len(told)), key=lambda n: told[n].why != NO_RECEIPT)
    at = next((n for day in (moved.was, None) for n in order if told[n].on == day), None)
    if at is None:
        at = _beyond(told, moved)
    if at is None or told[at].on == moved.on:
        return None
    old = told.pop(at)
    quantity = min(old.quantity, moved.quantity)
    why = gettext_noop("expected") if moved.now else NO_RECEIPT
    told.insert(at, PromisedPart(quantity=quantity, on=moved.on, warehouse=moved.warehouse, why=why))
    if old.quantity > quantity:
        told.insert(at, replace(old, quantity=old.quantity - quantity))
    return tuple(told)


def _beyond(told: Sequence[PromisedPart], moved: MovedPart) -> int | None:
    """The part that the ERP dated by itself and whose receipt does not come by that day any more."""
    was, now = moved.was, moved.now
    if was is None:
        return None
    dated = [(part.on, n) for n, part in enumerate(told) if part.on and (part.on >= was or part.why == WAITS)]
    on, at = max(dated, default=(None, None))
    return at if on and (now is None or (now > on and now > was)) else None


def _why(moved: MovedPart) -> str:
    if moved.was is None:
        return f"a receipt of {moved.now:%d %b %Y} was announced"
    there = f"moved to {moved.now:%d %b %Y}" if moved.now else "is not announced any more"
    return f"the receipt of {moved.was:%d %b %Y} {there}"


@transaction.atomic(savepoint=False)
def record_promises(
    *, promises: Sequence[Promised], by: str, reason: str | Mapping[str, str], first: bool = False
) -> int:
    """How many promises are new or say another quantity or day than the last; the same again leaves no entry. `reason`
    may be one for each demand, by its ref. `first`: the demands were made just now. The caller holds the lock of what
    the demands belong to.
    """
    last = {} if first else _last([promised.ref for promised in promises])
    entries = [
        _entry(promised, by, reason if isinstance(reason, str) else reason[promised.ref])
        for promised in promises
        if promised.ref not in last or _days(last[promised.ref].parts) != _days(_parts(promised))
    ]
    insert_rows(entries)
    return len(entries)


def _entry(promised: Promised, by: str, reason: str) -> Promise:
    return fresh_row(
        Promise,
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
