"""An order in our words, whoever wrote it in his."""

from __future__ import annotations

from dataclasses import replace

from distportal.canonical.orders import Order
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
