"""Which promises of receipts do not hold any more, and for which announced day each could be promised instead."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.queries.timeline import Supply, Timeline, timeline_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPart:
    """A held reservation of one item in one warehouse, in base units."""

    pk: uuid.UUID
    ref: str
    quantity: Decimal
    due_on: dt.date | None
    reserved_at: dt.datetime


def displaced_parts(
    *, today: dt.date, available: Decimal, supplies: Sequence[Supply], held: Sequence[HeldPart]
) -> Iterator[tuple[HeldPart, dt.date | None]]:
    """Each part whose receipt was moved, cut or taken by what goes before, with its new day: None where no announced
    receipt has enough for it.

    What was promised first is served first. A promise that still holds is left as it is, also where an earlier receipt
    would do. Where nothing is announced, nothing is displaced: what was promised came in, or waits for the next word.
    """
    days = sorted({supply.on for supply in supplies if supply.on > today})
    if not days:
        return
    there = [(part.due_on, part.quantity) for part in held if part.due_on is None]
    timeline = timeline_of(today=today, available=available, held=there, supplies=supplies)
    coming = sorted((part for part in held if part.due_on), key=lambda part: (part.reserved_at, part.pk))
    moved = [part for part in coming if not _kept(timeline, part, days)]
    for part in moved:
        later = [day for day in days if part.due_on not in days or (part.due_on and day > part.due_on)]
        day = next((day for day in later if timeline.available_by(day) >= part.quantity), None)
        if day is not None:
            timeline.take(part.quantity, on=day)
        yield part, day


def _kept(timeline: Timeline, part: HeldPart, days: Sequence[dt.date]) -> bool:
    day = next((day for day in days if day == part.due_on), None)
    if day is None or timeline.available_by(day) < part.quantity:
        return False
    timeline.take(part.quantity, on=day)
    return True
