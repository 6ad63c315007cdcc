"""What an 846 says of items: the figures that every other channel shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.canonical.parts import Address, ItemId
from edi.documents.stock846 import StockFigure
from edi.queries.stock import Availability, availability_of, is_discontinued, on_hand_of

if TYPE_CHECKING:
    from inventory.models import Item


def figures_of(
    items: Sequence[Item], *, names: Mapping[int, tuple[ItemId, ...]], by_warehouse: bool, shelf_life: int | None = None
) -> dict[int, list[StockFigure]]:
    """Item id -> its figures in base units under its `names`, one or one a warehouse; three queries whatever their
    number.
    """
    pks = [item.pk for item in items]
    available, lying = availability_of(item_ids=pks, shelf_life=shelf_life), on_hand_of(item_ids=pks)
    found: dict[int, list[StockFigure]] = {}
    for item in items:
        there = available[item.pk]
        hand = {place.code: lying.get((item.pk, place.code), Decimal(0)) for place in there.by_warehouse}
        if by_warehouse and there.by_warehouse:
            found[item.pk] = _by_place(item, names[item.pk], there, hand)
        else:
            found[item.pk] = [_total(item, names[item.pk], there, sum(hand.values(), Decimal(0)))]
    return found


def names_of(item: Item) -> tuple[ItemId, ...]:
    """Our number and the UPC, for those who know no others."""
    ours = ItemId(qualifier="sku", value=item.sku)
    return (ItemId(qualifier="upc", value=item.upc), ours) if item.upc else (ours,)


def _total(item: Item, names: tuple[ItemId, ...], there: Availability, lying: Decimal) -> StockFigure:
    """All warehouses together; of the supplies the next one, with everything that comes on its day."""
    dates = [place.supply_on for place in there.by_warehouse if place.supply_on and place.supply_quantity > 0]
    first = min(dates, default=None)
    coming = [place.supply_quantity for place in there.by_warehouse if first and place.supply_on == first]
    return StockFigure(
        names,
        item.base_unit,
        there.total,
        lying,
        sum(coming, Decimal(0)),
        first,
        discontinued=is_discontinued(item),
    )


def _by_place(
    item: Item, names: tuple[ItemId, ...], there: Availability, hand: dict[str, Decimal]
) -> list[StockFigure]:
    return [
        StockFigure(
            names,
            item.base_unit,
            place.available,
            hand[place.code],
            place.supply_quantity,
            place.supply_on,
            Address(code=place.code, name=place.name),
            discontinued=is_discontinued(item),
        )
        for place in there.by_warehouse
    ]
