"""What of the stock in one place keeps long enough to be promised: nothing is read or written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """So much of one lot, in base units; without a day it does not expire."""

    lot: str
    quantity: Decimal
    expires_on: dt.date | None = None


class Shelf:
    """The lots that lie in one place, and until when what is held of them has to be good.

    `days` is how many days have to be left on the day on which goods leave. The ERP's `available` counts: where its
    lots are more than that, those that expire first are taken to be promised in the ERP; where they are less, the rest
    does not expire. `held` is (good until, quantity) of what the portal holds; None is content with any.
    """

    def __init__(
        self,
        *,
        lots: Sequence[Lot],
        available: Decimal,
        held: Iterable[tuple[dt.date | None, Decimal]] = (),
        days: int = 0,
    ) -> None:
        self.days = days
        taken = max(sum((lot.quantity for lot in lots), ZERO) - max(available, ZERO), ZERO)
        self._expiring: list[tuple[dt.date, Decimal]] = []
        for lot in sorted(lots, key=lambda lot: lot.expires_on or dt.date.max):
            left = max(lot.quantity - taken, ZERO)
            taken -= lot.quantity - left
            if lot.expires_on is not None and left > 0:
                self._expiring.append((lot.expires_on, left))
        self._held = list(held)

    def good_until(self, leaves: dt.date) -> dt.date:
        """The day that a lot must not expire before, for goods that leave on a day."""
        return leaves + dt.timedelta(days=self.days)

    def spoiled(self, leaves: dt.date) -> Decimal:
        """How much of what is free cannot leave on that day, because it would not keep long enough.

        What is held takes the lots that expire first among those that are good for it; so, for each day up to which a
        lot has to be good, what expires before it and nobody holds is lost to whoever needs better.
        """
        need, lost = self.good_until(leaves), ZERO
        gone = ZERO
        for at, (expires_on, quantity) in enumerate(self._expiring):
            if expires_on >= need:
                break
            gone += quantity
            if at + 1 < len(self._expiring) and self._expiring[at + 1][0] == expires_on:
                continue
            content = sum((q for until, q in self._held if until is None or until <= expires_on), ZERO)
            lost = max(lost, gone - content)
        return lost

    def hold(self, quantity: Decimal, *, leaves: dt.date) -> None:
        """So much is held of what lies there, for goods that leave on that day."""
        self._held.append((self.good_until(leaves), quantity))

    @property
    def told(self) -> bool:
        """Whether anything is known to expire."""
        return bool(self._expiring)

    def copy(self) -> Shelf:
        """One that can be held of without changing this."""
        other = Shelf(lots=(), available=ZERO, held=self._held, days=self.days)
        other._expiring = self._expiring
        return other


def lots_of(told: Sequence[Mapping[str, Any]]) -> tuple[Lot, ...]:
    """The lots of a stock row, as the ERP told them."""
    return tuple(
        Lot(
            lot=str(row["lot"]),
            quantity=Decimal(row["quantity"]),
            expires_on=dt.date.fromisoformat(row["expires_on"]) if row.get("expires_on") else None,
        )
        for row in told
    )
