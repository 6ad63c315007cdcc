"""Which ERP an order goes to: decided from what the order's rows say, without asking anybody; nothing is written here.

An item or a warehouse that was moved takes its lines along, an account that was moved all of its lines. One order goes
to one ERP: where its lines would need two, a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.accounts.models import Account
from distportal.systems.ownership import DEFAULT
from inventory.queries.availability import Availability, WarehouseStock

if TYPE_CHECKING:
    from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One line as routing sees it: its place in the order, its item and how much of it in base units."""

    line_no: str
    item: Item
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The one ERP of an order. `strays` are the lines that cannot go there: line number -> the ERP they are with."""

    erp: str
    why: str
    strays: Mapping[str, str]


def route_order(
    *, account: Account, needs: Sequence[Need], stock: Mapping[int, Availability], given: str = ""
) -> Route:
    """The order's ERP and why. `given` is the one that it was given to before: it stays there, whatever moved since."""
    if given:
        return Route(erp=given, why="it was given to this ERP", strays={})
    moved = {need.line_no: need.item.erp for need in needs if need.item.erp != DEFAULT}
    if account.erp != DEFAULT:
        return _route(account.erp, f"account {account.code} is with it", needs, stock, moved)
    if moved:
        first = next(iter(moved.values()))
        skus = ", ".join(sorted({need.item.sku for need in needs if need.item.erp == first})[:3])
        return _route(first, f"item {skus} is with it", needs, stock, moved)
    return _by_stock(needs, stock)


def only_of(availability: Availability, erp: str) -> Availability:
    """The stock that an order of this ERP can be served from: its own, and what nobody moved. Everything, where that is
    nothing: the item is stocked elsewhere, and somebody has to say so.
    """
    places = tuple(place for place in availability.by_warehouse if place.erp in (erp, DEFAULT))
    if len(places) in (0, len(availability.by_warehouse)):
        return availability
    return replace(availability, by_warehouse=places, total=sum((p.available for p in places), Decimal(0)))


def _route(
    erp: str, why: str, needs: Sequence[Need], stock: Mapping[int, Availability], moved: Mapping[str, str]
) -> Route:
    strays = {line_no: other for line_no, other in moved.items() if other != erp}
    for need in needs:
        places = _places(need, stock)
        if need.line_no not in strays and places and not _open_to(places, erp):
            strays[need.line_no] = places[0].erp
    return Route(erp=erp, why=why, strays=strays)


def _by_stock(needs: Sequence[Need], stock: Mapping[int, Availability]) -> Route:
    """No account or item was moved, warehouses perhaps: the ERP whose warehouses have all of it, else all its items."""
    found = {place.erp for need in needs for place in _places(need, stock)} - {DEFAULT}
    if not found:
        return Route(erp=DEFAULT, why="nothing of it was moved", strays={})
    tries = [DEFAULT, *sorted(found)]
    for enough in (_has_all_now, _stocks_all):
        for erp in tries:
            if enough(erp, needs, stock):
                return Route(erp=erp, why="its warehouses serve the order", strays={})
    return _route(DEFAULT, "nothing of it was moved", needs, stock, {})


def _has_all_now(erp: str, needs: Sequence[Need], stock: Mapping[int, Availability]) -> bool:
    wanted: dict[int, Decimal] = {}
    free: dict[int, Decimal] = {}
    for need in needs:
        wanted[need.item.pk] = wanted.get(need.item.pk, Decimal(0)) + need.quantity
        free[need.item.pk] = sum((place.available for place in _own(_places(need, stock), erp)), Decimal(0))
    return all(free[item] >= quantity for item, quantity in wanted.items())


def _stocks_all(erp: str, needs: Sequence[Need], stock: Mapping[int, Availability]) -> bool:
    return all(_own(places, erp) for need in needs if (places := _places(need, stock)))


def _places(need: Need, stock: Mapping[int, Availability]) -> tuple[WarehouseStock, ...]:
    known = stock.get(need.item.pk)
    return known.by_warehouse if known else ()


def _own(places: Sequence[WarehouseStock], erp: str) -> list[WarehouseStock]:
    return [place for place in places if place.erp == erp]


def _open_to(places: Sequence[WarehouseStock], erp: str) -> bool:
    return any(place.erp in (erp, DEFAULT) for place in places)
