"""An 850 that changes an order (BEG01 01, 04, 05) as the canonical change that an 860 would be."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.canonical.orders import Order, OrderChange, OrderLine, OrderLineChange
from distportal.canonical.parts import Address


def change_of(order: Order) -> OrderChange:
    """The change that one order of an 850 asks for; all lines are given anew."""
    code = "CA" if order.purpose == "change" else "RZ"
    lines = () if order.purpose == "cancellation" else tuple(_line(line, code) for line in order.lines)
    return OrderChange(
        channel=order.channel,
        account=order.account,
        po_number=order.po_number,
        sequence="",
        changed_on=order.ordered_on,
        purpose=order.purpose,
        lines=lines,
        requested_on=order.requested_on,
        cancel_after=order.cancel_after,
        notes=order.notes,
        ordered_on=order.ordered_on,
        ship_not_before=order.ship_not_before,
        ship_not_later=order.ship_not_later,
        ship_to=order.ship_to if order.ship_to != Address() else None,
        references=order.references,
    )


def changes_of(orders: Sequence[Order]) -> tuple[OrderChange, ...]:
    """The changes of a PO, one per ship-to."""
    return tuple(change_of(order) for order in orders)


def _line(line: OrderLine, code: str) -> OrderLineChange:
    return OrderLineChange(
        kind="change" if code == "CA" else "replace",
        line_no=line.line_no,
        items=line.items,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        requested_on=line.requested_on,
        code=code,
        description=line.description,
        schedule=line.schedule,
    )
