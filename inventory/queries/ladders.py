"""Which of the prices that hold for somebody counts at a quantity: contract before group's list before general list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder, why it is so, and when it holds; None where it has no end."""

    min_quantity: Decimal
    unit_price: Decimal
    contract: bool = False
    source: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class HeldPrice:
    """A price that holds for an account on a day; with `own` it is the account's contract, else a list's."""

    key: int
    own: bool
    group: str
    contract: str
    min_quantity: Decimal
    unit_price: Decimal
    currency: str
    valid_from: dt.date
    valid_until: dt.date | None
    as_of: dt.datetime

    @property
    def source(self) -> int:
        """0 for a contract, 1 for the list of the customer group, 2 for the general list: the least counts."""
        return 0 if self.own else 1 if self.group else 2

    @property
    def named(self) -> str:
        """`contract C-12` or `price list GOLD`."""
        if self.own:
            return _("contract %(name)s") % {"name": self.contract}
        return _("price list %(name)s") % {"name": self.group} if self.group else _("price list")

    @property
    def reason(self) -> str:
        """`contract C-12, tier ≥ 48, to 31 Dec 2026`."""
        said = [self.named]
        if self.min_quantity > 1:
            said.append(_("tier ≥ %(quantity)s") % {"quantity": f"{self.min_quantity.normalize():f}"})
        if self.valid_until:
            said.append(_("to %(day)s") % {"day": date_format(self.valid_until, "d M Y")})
        return ", ".join(said)


def price_at(prices: Sequence[HeldPrice], quantity: Decimal) -> HeldPrice | None:
    """The price that counts; a source without a step for so little leaves it to the next. Of the highest step, the one
    agreed last counts, then the lower price.
    """
    fitting = [p for p in prices if p.min_quantity <= quantity]
    return min(
        fitting,
        key=lambda p: (p.source, -p.min_quantity, -p.valid_from.toordinal(), p.unit_price, p.key),
        default=None,
    )


def ladder_of(prices: Sequence[HeldPrice]) -> tuple[Rung, ...]:
    """What really counts from each quantity on, over all sources."""
    rungs: list[Rung] = []
    before: HeldPrice | None = None
    for quantity in sorted({p.min_quantity for p in prices}):
        best = price_at(prices, quantity)
        if best is None or best is before:
            continue
        before = best
        rungs.append(
            Rung(
                min_quantity=quantity,
                unit_price=best.unit_price,
                contract=best.own,
                source=best.named,
                valid_from=best.valid_from,
                valid_until=best.valid_until,
            )
        )
    return tuple(rungs)
