"""What was asked in our words, whoever wrote it in his."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from distportal.canonical.orders import Order, OrderChange, OrderLine, OrderLineChange
from distportal.canonical.parts import ItemId
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.words import ours

OURS = ("sku", "upc", "gtin")
"""What names an item whoever says it."""


def in_words_of_ours(order: Order, scope: str) -> Order:
    """The order with our items, units and ship-to code where the scope's tables say what the sender's mean; quantities
    stay, and what nobody mapped stays as it is. An item number of the scope's own counts before what the account
    calls our items by that number.
    """
    code = order.ship_to.code
    units = ours(scope, Kind.UNIT, {line.unit for line in order.lines})
    places = ours(scope, Kind.SHIP_TO, {code} - {""})
    items = ours(scope, Kind.ITEM, sent_numbers(order.lines))
    if not units and not places and not items:
        return order
    return replace(
        order,
        ship_to=replace(order.ship_to, code=places.get(code, code)),
        lines=tuple(
            replace(line, unit=units.get(line.unit, line.unit), items=_named(line.items, items)) for line in order.lines
        ),
    )


def change_in_words_of_ours(change: OrderChange, scope: str) -> OrderChange:
    """The change as `in_words_of_ours` gives an order, with the places that its lines and their days are for."""
    told = {place for line in change.lines for place in _places(line)} | (
        {change.ship_to.code} if change.ship_to else set()
    )
    units = ours(scope, Kind.UNIT, {line.unit for line in change.lines} - {""})
    places = ours(scope, Kind.SHIP_TO, told - {""})
    items = ours(scope, Kind.ITEM, sent_numbers(change.lines))
    if not units and not places and not items:
        return change
    ship_to = change.ship_to and replace(change.ship_to, code=places.get(change.ship_to.code, change.ship_to.code))
    lines = (replace(line, items=_named(line.items, items)) for line in change.lines)
    return replace(change, ship_to=ship_to, lines=tuple(_worded(line, units, places) for line in lines))


def sent_numbers(lines: Iterable[OrderLine | OrderLineChange]) -> set[str]:
    """The item numbers that are not ours by their qualifier: only those are looked up."""
    return {name.value for line in lines for name in line.items if name.qualifier not in OURS} - {""}


def _named(names: tuple[ItemId, ...], items: Mapping[str, str]) -> tuple[ItemId, ...]:
    """With our SKU in front where one of the numbers is mapped; that number stays, to be repeated, and names nothing
    itself any more.
    """
    mapped = next((name for name in names if name.qualifier not in OURS and name.value in items), None)
    if mapped is None:
        return names
    kept = (replace(name, qualifier="other") if name == mapped else name for name in names)
    return (ItemId(qualifier="sku", value=items[mapped.value]), *kept)


def _places(line: OrderLineChange) -> set[str]:
    return {share.place for share in line.distribution} | {day.place for day in line.schedule}


def _worded(line: OrderLineChange, units: Mapping[str, str], places: Mapping[str, str]) -> OrderLineChange:
    return replace(
        line,
        unit=units.get(line.unit, line.unit),
        distribution=tuple(replace(one, place=places.get(one.place, one.place)) for one in line.distribution),
        schedule=tuple(replace(one, place=places.get(one.place, one.place)) for one in line.schedule),
    )
