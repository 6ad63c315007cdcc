"""What was asked in our words, whoever wrote it in his."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from distportal.canonical.orders import Order, OrderChange, OrderLineChange
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.words import ours


def in_words_of_ours(order: Order, scope: str) -> Order:
    """The order with our units and ship-to code where the scope's tables say what the sender's mean; quantities
    stay, and what nobody mapped stays as it is.
    """
    code = order.ship_to.code
    units = ours(scope, Kind.UNIT, {line.unit for line in order.lines})
    places = ours(scope, Kind.SHIP_TO, {code} - {""})
    if not units and not places:
        return order
    return replace(
        order,
        ship_to=replace(order.ship_to, code=places.get(code, code)),
        lines=tuple(replace(line, unit=units.get(line.unit, line.unit)) for line in order.lines),
    )


def change_in_words_of_ours(change: OrderChange, scope: str) -> OrderChange:
    """The change as `in_words_of_ours` gives an order, with the places that its lines and their days are for."""
    told = {place for line in change.lines for place in _places(line)} | (
        {change.ship_to.code} if change.ship_to else set()
    )
    units = ours(scope, Kind.UNIT, {line.unit for line in change.lines} - {""})
    places = ours(scope, Kind.SHIP_TO, told - {""})
    if not units and not places:
        return change
    ship_to = change.ship_to and replace(change.ship_to, code=places.get(change.ship_to.code, change.ship_to.code))
    return replace(change, ship_to=ship_to, lines=tuple(_worded(line, units, places) for line in change.lines))


def _places(line: OrderLineChange) -> set[str]:
    return {share.place for share in line.distribution} | {day.place for day in line.schedule}


def _worded(line: OrderLineChange, units: Mapping[str, str], places: Mapping[str, str]) -> OrderLineChange:
    return replace(
        line,
        unit=units.get(line.unit, line.unit),
        distribution=tuple(replace(one, place=places.get(one.place, one.place)) for one in line.distribution),
        schedule=tuple(replace(one, place=places.get(one.place, one.place)) for one in line.schedule),
    )
