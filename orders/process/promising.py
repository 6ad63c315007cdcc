"""Log what is promised of an order's lines: by ourselves when it is accepted, then by the ERP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from distportal.systems.erp.port import ConfirmedLine, OrderState
from inventory.process.promises import ERP, PORTAL, Promised, PromisedPart, record_promises
from inventory.process.reservations import Holding
from orders.models import Order, OrderLine


def promise_lines(held: Iterable[tuple[OrderLine, Holding]], *, first: bool) -> None:
    """What the stock and its supplies allow is promised; the caller holds the order's lock."""
    promises = [
        Promised(
            ref=line.demand_ref,
            parts=tuple(
                PromisedPart(quantity=part.quantity, on=part.on, warehouse=part.warehouse_code, why=part.why)
                for part in holding.parts
            ),
        )
        for line, holding in held
    ]
    record_promises(promises=promises, by=PORTAL, reason="the order was accepted", first=first)


def promise_as_confirmed(order: Order, lines: Sequence[OrderLine], state: OrderState) -> None:
    """The ERP's word counts from now on."""
    told = {line.line_key: line for line in state.lines}
    promises = [
        Promised(ref=line.demand_ref, parts=_confirmed(line, told[line.line_no], state))
        for line in lines
        if line.line_no in told
    ]
    record_promises(promises=promises, by=ERP, reason=f"confirmed as {order.erp_number}")


def _confirmed(line: OrderLine, told: ConfirmedLine, state: OrderState) -> tuple[PromisedPart, ...]:
    """The ERP gives one day a line: that of all of it, or of what it has not confirmed (see docs/erp-port.md); what it
    confirms of a line in part leaves as soon as the ERP has it, by its own clock.
    """
    rest = line.quantity - told.quantity
    confirmed = told.quantity * line.base_quantity / line.quantity
    parts = []
    if told.quantity > 0:
        on = told.confirmed_on if rest <= 0 else max(state.as_of.date(), line.requested_on or state.as_of.date())
        parts.append(PromisedPart(quantity=confirmed, on=on, warehouse=told.warehouse, why="confirmed"))
    if rest > 0:
        why = "waits for the next receipt" if told.confirmed_on else "no receipt is announced"
        due = line.base_quantity - confirmed
        parts.append(PromisedPart(quantity=due, on=told.confirmed_on, warehouse=told.warehouse, why=why))
    return tuple(parts)
