"""What one warehouse can promise of an item by a day, without breaking what it promised for a later one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.queries.shelf import Shelf

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A receipt that the ERP announces, in base units."""

    on: dt.date
    quantity: Decimal
    reference: str = ""


class Timeline:
    """The balance of a warehouse from today on: one sum at each day on which something comes or is promised of what
    comes. A sum may be below nothing; what can be promised never is. `shelf` is what of it expires.
    """

    def __init__(self, days: Sequence[dt.date], sums: Sequence[Decimal], shelf: Shelf | None = None) -> None:
        self.days = list(days)
        self._sums = list(sums)
        self.shelf = shelf

    def available_by(self, on: dt.date, *, leaves: dt.date | None = None) -> Decimal:
        """The most that can be promised for that day: the least balance from then on, less what does not keep until it
        `leaves`, which is that day unless said otherwise.
        """
        if self.shelf is None and len(self.days) == 1:  # most are so: nothing is announced, nothing expires
            return self._sums[0] if self._sums[0] > 0 else ZERO
        start = max(at for at, day in enumerate(self.days) if day <= on or at == 0)
        return max(min(self._sums[start:]) - self.spoiled(max(on, leaves or on)), ZERO)

    def spoiled(self, leaves: dt.date) -> Decimal:
        """How much lies there that does not keep long enough to leave on that day."""
        return self.shelf.spoiled(max(leaves, self.days[0])) if self.shelf else ZERO

    def take(self, quantity: Decimal, *, on: dt.date, leaves: dt.date | None = None) -> None:
        """So much is promised for that day."""
        for at, day in enumerate(self.days):
            if day >= on:
                self._sums[at] -= quantity
        if self.shelf and on <= self.days[0]:
            self.shelf.hold(quantity, leaves=max(on, leaves or on))

    def copy(self) -> Timeline:
        """One that can be taken from without changing this."""
        return Timeline(self.days, self._sums, self.shelf.copy() if self.shelf else None)


def timeline_of(
    *,
    today: dt.date,
    available: Decimal,
    held: Iterable[tuple[dt.date | None, Decimal]],
    supplies: Sequence[Supply],
    shelf: Shelf | None = None,
) -> Timeline:
    """The timeline of an ERP figure less what is `held` of it: (day of the supply or None for what lies there,
    quantity). `shelf` is what of the figure expires.

    A supply that is overdue counts for nothing until it is received or gets a new day. What was promised of it waits
    for the next supply; without one it counts against what lies there.
    """
    coming: dict[dt.date, Decimal] = {}
    for supply in supplies:
        if supply.on > today:
            coming[supply.on] = coming.get(supply.on, ZERO) + supply.quantity
    first, now = min(coming, default=today), available
    for due, quantity in held:
        day = today if due is None else max(due, first)
        if day <= today:
            now -= quantity
        else:
            coming[day] = coming.get(day, ZERO) - quantity
    days, sums = [today], [now]
    for day in sorted(coming):
        days.append(day)
        sums.append(sums[-1] + coming[day])
    return Timeline(days, sums, shelf)
