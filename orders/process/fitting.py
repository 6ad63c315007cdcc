"""Take a line at a quantity that its item is sold in, where the account's policy says to round and which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.canonical.orders import OrderLine
from distportal.common.units import MEASURED
from inventory.queries.packs import base_of, terms_of
from orders.choices import FindingAction

if TYPE_CHECKING:
    from inventory.models import Item

BELOW, BETWEEN = "quantity_minimum", "quantity_multiple"
ROUNDING = {FindingAction.ROUND_UP: True, FindingAction.ROUND_DOWN: False}
"""The actions that change a quantity, and whether they raise it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """Why a quantity cannot be sold as it was asked, what could be, in the asked unit, and what was taken, if any."""

    code: str
    asked: Decimal
    up: Decimal
    down: Decimal | None
    taken: Decimal | None = None


def fitted_line(
    line: OrderLine, item: Item | None, policy: Mapping[str, FindingAction]
) -> tuple[OrderLine, Misfit | None]:
    """The line as it is taken, and what is wrong with it as it was asked; only a policy that rounds changes it."""
    misfit = misfit_of(line, item)
    if misfit is None:
        return line, None
    action = policy.get(misfit.code)
    if action not in ROUNDING:
        return line, misfit
    taken = misfit.up if ROUNDING[action] else misfit.down
    if taken is None:
        return line, misfit
    return replace(line, quantity=taken), replace(misfit, taken=taken)


def misfit_of(line: OrderLine, item: Item | None) -> Misfit | None:
    """What is wrong with a quantity; None where it can be sold, and where it cannot be understood."""
    base = base_of(item, line.quantity, line.unit) if item is not None else None
    if item is None or base is None or base <= 0 or not is_whole(line.quantity, line.unit):
        return None
    terms = terms_of(item, line.unit)
    if terms.allow(base):
        return None
    size = base / line.quantity
    down = terms.below(base)
    return Misfit(
        code=BELOW if base < terms.least else BETWEEN,
        asked=line.quantity,
        up=terms.above(base) / size,
        down=None if down is None else down / size,
    )


def is_whole(quantity: Decimal, unit: str) -> bool:
    """Whether so much of the unit can be sold at all: parts only of what is measured."""
    return unit in MEASURED or quantity == quantity.to_integral_value()
