"""What can be promised of items by a day, warehouse by warehouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from inventory.queries.availability import availability_of
from inventory.queries.sourcing import Part, Sourcing


@dataclass(frozen=True, slots=True, kw_only=True)
class Promisable:
    """What can be promised of an item by a day, by warehouse code, and how the asked quantity would come."""

    on: dt.date
    by_warehouse: Mapping[str, Decimal]
    parts: tuple[Part, ...]

    @property
    def total(self) -> Decimal:
        """All warehouses together, in base units."""
        return sum(self.by_warehouse.values(), Decimal(0))

    @property
    def complete_on(self) -> dt.date | None:
        """The day on which the last part can leave; None while a part has no day, or nobody stocks the item."""
        days = [part.on for part in self.parts]
        return max((day for day in days if day), default=None) if None not in days else None


def availability_on(
    *, wanted: Mapping[int, Decimal], on: dt.date, split: int = 1, shelf_life: int | None = None
) -> dict[int, Promisable]:
    """By item id for the wanted base quantity, from at most `split` warehouses; in two queries, nothing is reserved.
    What lies there counts as far as it keeps until that day and `shelf_life` days more (the item's own without it).
    """
    stock = availability_of(item_ids=list(wanted), shelf_life=shelf_life)
    return {
        item_id: Promisable(
            on=on,
            by_warehouse={place.code: place.available_by(on) for place in stock[item_id].by_warehouse},
            parts=Sourcing(stock[item_id].by_warehouse).take(quantity, split=split),
        )
        for item_id, quantity in wanted.items()
    }
