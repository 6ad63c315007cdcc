"""The grid of rows to choose from: what was typed into it, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from distportal.canonical.base import plain
from distportal.common.errors import Invalid
from inventory.queries.offers import Offer
from inventory.queries.packs import least_of, sold_levels
from orders.models import ListLine, Purchase
from orders.process.picking import Choice, Pick
from orders.process.quick.reading import quantity_of

Typed = MultiValueDict[str, str]
NOTHING: Typed = MultiValueDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the grid: an offer, what was before, and what stands in its fields now."""

    key: str
    offer: Offer | None
    last: Purchase | None = None
    line: ListLine | None = None
    quantity: str = ""
    unit: str = ""
    ticked: bool = False
    note: str = ""

    @property
    def shown_unit(self) -> str:
        """What stands in the field: the unit that was chosen, else that of the last time."""
        return self.unit or (self.last.last_unit if self.last else "")


def picks_of(data: Typed) -> list[Pick]:
    """The rows as they were sent. Raises Invalid for a quantity that is no whole number, and says which."""
    found = []
    for name in data:
        if not name.startswith("quantity."):
            continue
        key, text = name.removeprefix("quantity."), str(data[name]).strip()
        quantity = quantity_of(text) if text not in ("", "0") else None
        if text not in ("", "0") and quantity is None:
            raise Invalid(
                _("“%(text)s” is no whole number. Nothing was added; what you typed is still here.")
                % {"text": text[:20]}
            )
        found.append(Pick(key, quantity, str(data.get(f"unit.{key}", ""))[:2], f"tick.{key}" in data))
    return found


def typed_in(data: Typed, key: str) -> dict[str, object]:
    """What stood in a row's fields when it was sent, to stand there again."""
    if f"quantity.{key}" not in data:
        return {}
    return {
        "quantity": str(data[f"quantity.{key}"])[:20],
        "unit": str(data.get(f"unit.{key}", ""))[:2],
        "ticked": f"tick.{key}" in data,
    }


def choices_of(rows: Iterable[Row]) -> dict[str, Choice]:
    """By the rows' keys what a tick takes of each that can be ordered."""
    return {row.key: choice for row in rows if (choice := _choice_of(row))}


def _choice_of(row: Row) -> Choice | None:
    """What a tick without a quantity takes of the row: as much as the last time, else the least that is sold."""
    if row.offer is None or not row.offer.can_be_ordered:
        return None
    item = row.offer.item
    levels = {level.unit: level for level in sold_levels(item)}
    if row.last is not None and row.last.last_unit in levels:
        return Choice(item, row.last.last_quantity, row.last.last_unit)
    first = sold_levels(item)[0]
    return Choice(item, least_of(item) / first.size, first.unit)


def quantity_text(quantity: Decimal | None) -> str:
    """As it stands in a field; nothing for none."""
    return "" if quantity is None else plain(quantity)
