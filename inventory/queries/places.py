"""Which few warehouses serve an order best, where its policy or the ERP lets only so many send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from inventory.queries.availability import Availability
from inventory.queries.timeline import ZERO


def best_places(
    *, wanted: Mapping[int, Decimal], stock: Mapping[int, Availability], most: int, split: int = 1
) -> frozenset[int]:
    """At most `most` warehouses, which together send most of what is wanted (base quantity by item id), a line from at
    most `split` of them. One after the other the one is taken that helps most: what is there now counts before what
    is stocked at all, and that before what is announced.
    """
    chosen: frozenset[int] = frozenset()
    open_to = sorted({place.warehouse_id for item in wanted for place in stock[item].by_warehouse})
    score = (ZERO, 0, ZERO)
    while len(chosen) < most:
        rest = [place for place in open_to if place not in chosen]
        tries = [(_score(chosen | {place}, wanted, stock, split), -place) for place in rest]
        if not tries or max(tries)[0] <= score:
            return chosen
        score, place = max(tries)
        chosen |= {-place}
    return chosen


def _score(
    places: frozenset[int], wanted: Mapping[int, Decimal], stock: Mapping[int, Availability], split: int
) -> tuple[Decimal, int, Decimal]:
    now, later, stocked = ZERO, ZERO, 0
    for item, quantity in wanted.items():
        here = [place for place in stock[item].by_warehouse if place.warehouse_id in places]
        stocked += bool(here)
        now += _share([place.available for place in here], quantity, split)
        later += _share([place.available + place.supply_quantity for place in here], quantity, split)
    return now, stocked, later


def _share(quantities: Sequence[Decimal], wanted: Decimal, split: int) -> Decimal:
    sent = sum(sorted(quantities, reverse=True)[:split], ZERO)
    return min(sent / wanted, Decimal(1))
