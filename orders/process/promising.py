"""Log what is promised of an order's lines: by ourselves when it is accepted, then by the ERP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext_noop

from distportal.common.site_day import site_day
from distportal.systems.erp.port import ConfirmedLine, OrderState
from inventory.process.promises import ERP, NO_RECEIPT, PORTAL, WAITS, Promised, PromisedPart, record_promises
from inventory.process.reservations import Holding
from orders.models import Order, OrderLine
from orders.process.shipping import together
from orders.queries.line_parts import parts_of

Told = Mapping[str, tuple[ConfirmedLine, Sequence[ConfirmedLine]]]


def promise_lines(held: Iterable[Sequence[tuple[OrderLine, Holding]]]) -> list[Promised]:
    """What the stock and its supplies allow, order by order; the lines have its days, and it is still to be logged."""
    return [promised for pairs in held if pairs for promised in _of_order(pairs)]


def log_promises(promises: Sequence[Promised], *, first: bool) -> None:
    """What `promise_lines` gave is in the log; the caller holds the orders' locks. `first`: the orders are new."""
    record_promises(promises=promises, by=PORTAL, reason=gettext_noop("the order was accepted"), first=first)


def _of_order(pairs: Sequence[tuple[OrderLine, Holding]]) -> list[Promised]:
    lines = [line for line, _ in pairs]
    promises = [
        Promised(
            ref=line.demand_ref,
            parts=tuple(
                PromisedPart(quantity=part.quantity, on=part.on, warehouse=part.warehouse_code, why=part.why)
                for part in holding.parts
            ),
        )
        for line, holding in pairs
    ]
    return _dated(lines, together(lines[0].order, lines, promises))


def _dated(lines: Sequence[OrderLine], promises: Sequence[Promised]) -> list[Promised]:
    """The day of a line is the one of its promise's last part: pages, lists and partners are told no other."""
    for line, promised in zip(lines, promises, strict=True):
        line.promised_on = promised.complete_on
    return list(promises)


def promise_as_confirmed(
    order: Order, lines: Sequence[OrderLine], told: Told, state: OrderState, *, by: str, reason: str
) -> None:
    """The ERP's word counts from now on, as `confirmed_promises` has it; `by` who brought it about."""
    record_promises(promises=confirmed_promises(order, lines, told, state), by=by, reason=reason)


def log_confirmed(promises: Sequence[tuple[str, Promised]]) -> None:
    """What `confirmed_promises` gave, each with the number that the ERP confirmed its order as, is in the log; the
    caller holds the orders' locks.
    """
    why = {one.ref: gettext_noop("confirmed as %(number)s") % {"number": number} for number, one in promises}
    record_promises(promises=[one for _, one in promises], by=ERP, reason=why)


def confirmed_promises(order: Order, lines: Sequence[OrderLine], told: Told, state: OrderState) -> list[Promised]:
    """What the ERP promises; `told` is what it said of each line, by our line numbers and units. The lines have their
    days by it, and are not saved; it is still to be logged.
    """
    known = [line for line in lines if line.line_no in told]
    promises = [
        Promised(ref=line.demand_ref, parts=tuple(_confirmed(order, line, told[line.line_no][1], state)))
        for line in known
    ]
    return _dated(known, together(order, known, promises))


def _confirmed(
    order: Order, line: OrderLine, told: Sequence[ConfirmedLine], state: OrderState
) -> Iterator[PromisedPart]:
    """The ERP gives one day a line of its own: that of all of it, or of what it has not confirmed (see
    docs/erp-port.md); what it confirms of one in part leaves as soon as the ERP has it, by its own clock.
    """
    wanted = {part.key: part.quantity for part in parts_of(line)} or {line.line_no: line.quantity}
    size = line.base_quantity / line.quantity
    for one in told:
        rest = wanted.get(one.line_key, line.quantity) - one.quantity
        if one.quantity > 0:
            first = site_day(state.as_of)
            wanted_on = line.requested_on or order.requested_on or first
            on = one.confirmed_on if rest <= 0 else max(first, wanted_on)
            yield PromisedPart(
                quantity=one.quantity * size, on=on, warehouse=one.warehouse, why=gettext_noop("confirmed")
            )
        if rest > 0:
            why = WAITS if one.confirmed_on else NO_RECEIPT
            yield PromisedPart(quantity=rest * size, on=one.confirmed_on, warehouse=one.warehouse, why=why)
