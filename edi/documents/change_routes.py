"""Which of the orders of a PO a change is for, where the PO went to several ship-tos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from distportal.canonical.orders import OrderChange, OrderLineChange


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfPo:
    """One order of the PO: the ship-to code that names it, and its line numbers."""

    place: str
    lines: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """A change by the key of its order, and the sentences about what could not be routed."""

    changes: Mapping[str, OrderChange]
    problems: tuple[str, ...]


def route_change(change: OrderChange, parts: Mapping[str, PartOfPo]) -> Routed:
    """The change for each order that it is for, each with its own lines.

    A line with a distribution goes to the named places, one without to the order that has it; to several orders only
    where it says the same for all of them (a deletion, a price, a date).
    """
    if len(parts) == 1 or (change.purpose == "cancellation" and change.ship_to is None):
        return Routed(changes=dict.fromkeys(parts, change), problems=())
    if change.ship_to is not None and not any(line.distribution for line in change.lines):
        named = _key_of(change.ship_to.code or change.ship_to.name, parts)
        if named is not None:
            return Routed(changes={named: change}, problems=())
        return Routed(changes={}, problems=(f"No order of the PO goes to {change.ship_to.code}",))
    lines: dict[str, list[OrderLineChange]] = {key: [] for key in parts}
    problems: list[str] = []
    for wanted in change.lines:
        for key, line in _targets(wanted, parts, problems):
            lines[key].append(line)
    dated = any((change.requested_on, change.cancel_after, change.ship_not_before, change.ship_not_later))
    found = {
        key: replace(change, lines=tuple(own))
        for key, own in lines.items()
        if own or dated or change.purpose == "replace"
    }
    return Routed(changes={} if problems else found, problems=tuple(problems))


def _targets(
    wanted: OrderLineChange, parts: Mapping[str, PartOfPo], problems: list[str]
) -> list[tuple[str, OrderLineChange]]:
    if wanted.distribution:
        found = []
        for share in wanted.distribution:
            key = _key_of(share.place, parts)
            if key is None:
                problems.append(f"Line {wanted.line_no} names {share.place}, where no order of the PO goes")
                continue
            days = tuple(replace(day, place="") for day in wanted.schedule if day.place in ("", share.place))
            if sum(day.quantity for day in days) != share.quantity and len({day.on for day in days}) == 1:
                days = (replace(days[0], quantity=share.quantity),)
            elif days and sum(day.quantity for day in days) != share.quantity:
                problems.append(f"Line {wanted.line_no} does not say how much goes to {share.place} on which day")
            own = replace(wanted, quantity=share.quantity, distribution=(share,), schedule=days)
            found.append((key, own))
        return found
    having = [key for key, part in parts.items() if wanted.line_no in part.lines]
    if len(having) == 1:
        return [(having[0], wanted)]
    if having and wanted.quantity is None:
        return [(key, wanted) for key in having]
    several = "does not say for which ship-to it is" if wanted.kind == "add" or having else "is in no order of the PO"
    problems.append(f"Line {wanted.line_no} {several}")
    return []


def _key_of(place: str, parts: Mapping[str, PartOfPo]) -> str | None:
    return next((key for key, part in parts.items() if part.place == place), None)
