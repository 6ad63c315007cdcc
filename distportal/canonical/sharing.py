"""One order for each place of an order whose lines are shared out: the same shape for every channel (X12 SDQ)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from distportal.canonical.orders import Order, OrderLine, PlaceQuantity
from distportal.canonical.parts import Address


def share_of(line: OrderLine, share: PlaceQuantity) -> OrderLine:
    """The part of a line that is for one place; `po_quantity` says how much the whole order has, for prices."""
    return replace(line, quantity=share.quantity, distribution=(), po_quantity=line.quantity)


def order_per_place(
    whole: Order, lines: Mapping[str, Sequence[OrderLine]], where: Mapping[str, Address], *, named: bool
) -> tuple[Order, ...]:
    """The orders by place, each with its own `lines`; `named` gives them a `part` each, which tells them apart."""
    return tuple(
        replace(whole, ship_to=where[place], lines=tuple(own), part=place if named else "")
        for place, own in lines.items()
    )


def shared_out(order: Order) -> tuple[Order, ...]:
    """One order for each place that the lines' `distribution` names by code; an order without any is given back as it
    is. With one place the order has no `part`. A line without a distribution goes to the order's own ship-to.
    """
    found: dict[str, list[OrderLine]] = {}
    for line in order.lines:
        if not line.distribution:
            found.setdefault(order.ship_to.code, []).append(line)
        for share in line.distribution:
            found.setdefault(share.place, []).append(share_of(line, share))
    if not any(line.distribution for line in order.lines):
        return (order,)
    where = {place: Address(code=place) for place in found} | {order.ship_to.code: order.ship_to}
    return order_per_place(order, found, where, named=len(found) > 1)
