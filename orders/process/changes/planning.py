"""What an order would be after a change, and what becomes of each line of it: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from distportal.canonical.orders import Order, OrderChange, OrderLineChange
from orders.process.changes.lines import LineAnswer, Standing, change_line, cut_line

_HEADER = ("requested_on", "ship_not_before", "ship_not_later", "cancel_after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The order as it shall be and the answers by line; `cancels` when nothing of it is left to deliver."""

    target: Order
    answers: tuple[LineAnswer, ...]
    cancels: bool = False
    holds: tuple[str, ...] = field(default=())

    @property
    def touched(self) -> frozenset[str]:
        """The lines whose change was accepted."""
        return frozenset(a.line_no for a in self.answers if a.accepted and a.line_no)

    @property
    def refused(self) -> bool:
        """Whether nothing of the change is possible."""
        return bool(self.answers) and not any(a.accepted for a in self.answers)

    @property
    def asks_more(self) -> bool:
        """Whether anything is to be sold that was not before, so that credit and account are looked at again."""
        return any(a.more for a in self.answers if a.accepted)


def plan_change(
    order: Order,
    change: OrderChange,
    *,
    standing: Mapping[str, Standing],
    refusals: Mapping[str, str] | None = None,
) -> Plan:
    """The plan of a change. `standing` is how far each live line is, `refusals` why a line's change cannot be."""
    if change.purpose == "cancellation":
        return _cancellation(order, change, standing)
    lines = _all_lines(order, change, standing) if change.purpose == "replace" else change.lines
    target, answers = order, []
    for wanted in lines:
        target, answer = change_line(target, wanted, standing, (refusals or {}).get(wanted.line_no, ""))
        answers.append(answer)
    dated = {name: getattr(change, name) for name in _HEADER if getattr(change, name) is not None}
    if dated and not lines:
        answers.append(LineAnswer(line_no="", code="CT", accepted=True))
    return Plan(
        target=replace(target, **dated),
        answers=tuple(answers),
        cancels=_nothing_left(target, standing),
        holds=tuple(a.hold for a in answers if a.hold) + _moved(order, change),
    )


def _cancellation(order: Order, change: OrderChange, standing: Mapping[str, Standing]) -> Plan:
    target, answers = order, []
    for line in order.lines:
        if line.line_no in standing:
            target, answer = cut_line(target, line.line_no, standing[line.line_no], "DI")
            answers.append(answer)
    return Plan(target=target, answers=tuple(answers), cancels=_nothing_left(target, standing))


def _nothing_left(target: Order, standing: Mapping[str, Standing]) -> bool:
    live = [line.line_no for line in target.lines if line.line_no in standing]
    new = [line for line in target.lines if line.line_no not in standing]
    return not live and not new


def _all_lines(order: Order, change: OrderChange, standing: Mapping[str, Standing]) -> tuple[OrderLineChange, ...]:
    """A replacement as line changes: what is there is replaced, what is new added, what is left out deleted."""
    known = {line.line_no for line in order.lines if line.line_no in standing}
    given = tuple(replace(w, kind="replace" if w.line_no in known else "add") for w in change.lines)
    named = {wanted.line_no for wanted in given}
    gone = (line.line_no for line in order.lines if line.line_no in known - named)
    return (*given, *(OrderLineChange(kind="delete", line_no=no, code="DI") for no in gone))


def _moved(order: Order, change: OrderChange) -> tuple[str, ...]:
    """A change names the ship-to; another one than before is for a person."""
    asked = change.ship_to.code if change.ship_to else ""
    if not asked or asked == order.ship_to.code:
        return ()
    return (f"The change is for the ship-to {asked}, the order goes to {order.ship_to.code}",)
