"""A line that is wanted on several days (X12 SCH): read, and brought to one line a day, because a day is promised,
reserved, shipped and billed by itself.

The first day keeps the buyer's number, the others get numbers that no buyer uses; `buyer_line` has the buyer's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from distportal.canonical.orders import DatedQuantity, Order, OrderChange, OrderLine, OrderLineChange
from edi.documents.options import OrderOptions
from edi.documents.order_lines import LineDraft, first_unit
from edi.documents.order_walk import OrderWalk

FIRST_DAY = 800001
"""Further days of a line are numbered from here on: every ERP takes a line number of up to six digits, and buyers use
small ones.
"""


def check_schedule(walk: OrderWalk, draft: LineDraft, quantity_element: int, options: OrderOptions) -> None:
    """The days of a line are in its unit and add up to it; if not, that is a problem or, where agreed, a note and their
    sum holds.
    """
    if not draft.schedule:
        return
    unit = draft.segment.get(3).strip() if walk.opener == "PO1" else first_unit(draft.segment.get(5))
    other = next((one for one in draft.schedule_units if unit and one != unit), "")
    if other:
        told = f"Line {draft.line_no} is in {unit}, its schedule in {other}."
        walk.reader.problem("SCH", draft.schedule_at, 2, told)
    wanted = walk.reader.number(draft.segment, draft.position, quantity_element, "quantity")
    told_all = draft.scheduled
    if wanted is None or told_all == wanted:
        return
    text = f"Line {draft.line_no} is for {wanted.normalize():f}, its schedule comes to {told_all.normalize():f}."
    if options.sch_sum == "reject":
        walk.reader.problem("SCH", draft.schedule_at, 1, text)
    else:
        walk.note(text)


def schedule_of_place(walk: OrderWalk, draft: LineDraft, place: str, quantity: Decimal) -> tuple[DatedQuantity, ...]:
    """The days of what goes to one place: its own, or the one day of all places. Several days that name no place are a
    problem, for nobody can say how much goes where when.
    """
    own = tuple(replace(one, place="") for one in draft.schedule if one.place == place)
    for_all = [one for one in draft.schedule if not one.place]
    if own or not for_all:
        return own
    if len({one.on for one in for_all}) == 1:
        return (replace(for_all[0], quantity=quantity),)
    text = f"Line {draft.line_no} has several days and several ship-tos, and does not say how much goes where when."
    walk.reader.problem("SCH", draft.schedule_at, 0, text)
    return ()


def dated_order(order: Order) -> Order:
    """The order with one line for each day of a schedule."""
    used = {line.line_no for line in order.lines}
    return replace(order, lines=tuple(one for line in order.lines for one in _dated(line, used)))


def _dated(line: OrderLine, used: set[str]) -> Iterator[OrderLine]:
    if len(line.schedule) < 2:
        first = line.schedule[0].on if line.schedule else line.requested_on
        yield replace(line, requested_on=first, schedule=())
        return
    share = None if line.po_quantity is None else line.po_quantity / line.quantity
    for at, day in enumerate(_by_day(line.schedule)):
        number = line.line_no if at == 0 else free_number(used)
        yield replace(
            line,
            line_no=number,
            buyer_line=line.line_no,
            quantity=day.quantity,
            requested_on=day.on,
            schedule=(),
            # what is said of the line as a whole is said once
            charges=line.charges if at == 0 else (),
            distribution=line.distribution if at == 0 else (),
            po_quantity=None if share is None else day.quantity * share,
        )


def _by_day(schedule: Sequence[DatedQuantity]) -> list[DatedQuantity]:
    """One entry a day, the first day first."""
    found: dict[object, DatedQuantity] = {}
    for one in sorted(schedule, key=lambda one: one.on):
        known = found.get(one.on)
        found[one.on] = one if known is None else replace(known, quantity=known.quantity + one.quantity)
    return list(found.values())


def free_number(used: set[str]) -> str:
    """The next number of a further day of a line; it counts as used now."""
    number = next(str(n) for n in count(FIRST_DAY) if str(n) not in used)
    used.add(number)
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedChange:
    """A change that speaks of the order's own lines, and the sentences about what it does not say."""

    change: OrderChange
    problems: tuple[str, ...]


def dated_change(change: OrderChange, lines: Sequence[OrderLine]) -> DatedChange:
    """The change of an order with these lines, day by day where the buyer's line is several of ours or becomes so."""
    used = {line.line_no for line in lines} | {wanted.line_no for wanted in change.lines}
    problems: list[str] = []
    found: list[OrderLineChange] = []
    for wanted in change.lines:
        own = [line for line in lines if (line.buyer_line or line.line_no) == wanted.line_no]
        if len(own) < 2 and len({one.on for one in wanted.schedule}) < 2:
            day = wanted.schedule[0].on if wanted.schedule else wanted.requested_on
            found.append(replace(wanted, schedule=(), requested_on=day))
        elif wanted.schedule:
            found += _by_schedule(wanted, own, used, problems)
        else:
            found += _of_all_days(wanted, own, problems)
    if change.purpose == "replace":
        found += _left_out(lines, {wanted.line_no for wanted in change.lines})
    return DatedChange(change=replace(change, lines=tuple(found)), problems=tuple(problems))


def _by_schedule(
    wanted: OrderLineChange, own: Sequence[OrderLine], used: set[str], problems: list[str]
) -> Iterator[OrderLineChange]:
    """Each day of the new schedule: the line that has it already, else one whose day is gone, else a new one."""
    days = _by_day(wanted.schedule)
    before, after = sum(line.quantity for line in own), sum(day.quantity for day in days)
    if own and ((wanted.code == "QI" and after <= before) or (wanted.code == "QD" and after >= before)):
        way = "up" if wanted.code == "QI" else "down"
        problems.append(f"Line {wanted.line_no} shall go {way}, but from {before:f} to {after:f}")
        return
    kept = {line.requested_on: line for line in own if any(day.on == line.requested_on for day in days)}
    spare = [line for line in own if line not in kept.values()]
    for at, day in enumerate(days):
        line = kept.get(day.on) or (spare.pop(0) if spare else None)
        told = replace(
            wanted, schedule=(), buyer_line=wanted.line_no, quantity=day.quantity, requested_on=day.on, distribution=()
        )
        if line is not None:
            yield replace(told, line_no=line.line_no, unit=wanted.unit or line.unit)
        elif at == 0 and not own:
            yield told
        else:
            yield _added(told, own, free_number(used))
    for line in spare:
        yield replace(
            wanted, schedule=(), kind="delete", line_no=line.line_no, buyer_line=wanted.line_no, quantity=Decimal(0)
        )


def _added(told: OrderLineChange, own: Sequence[OrderLine], number: str) -> OrderLineChange:
    """A further day: what the change does not say of it is as for the other days."""
    if not own:
        return replace(told, line_no=number)
    like = own[0]
    return replace(
        told,
        kind="add",
        line_no=number,
        items=told.items or like.items,
        unit=told.unit or like.unit,
        unit_price=like.unit_price if told.unit_price is None else told.unit_price,
        description=told.description or like.description,
    )


def _of_all_days(wanted: OrderLineChange, own: Sequence[OrderLine], problems: list[str]) -> Iterator[OrderLineChange]:
    """A change without days of a line that has several: good where it says the same for all of them."""
    same = wanted.quantity is None or wanted.quantity == sum(line.quantity for line in own)
    if wanted.kind not in ("delete", "none", "ask") and (not same or wanted.requested_on is not None):
        days = len(own)
        problems.append(f"Line {wanted.line_no} has {days} days, and the change does not say (SCH) which it is for")
        return
    for line in own if wanted.kind not in ("none", "ask") else own[:1]:
        yield replace(wanted, line_no=line.line_no, buyer_line=wanted.line_no, quantity=None)


def _left_out(lines: Sequence[OrderLine], named: set[str]) -> Iterator[OrderLineChange]:
    """The days of lines that a replacement does not name, under the buyer's number."""
    for line in lines:
        if line.buyer_line and line.buyer_line not in named:
            yield OrderLineChange(
                kind="delete", line_no=line.line_no, buyer_line=line.buyer_line, code="DI", quantity=Decimal(0)
            )
