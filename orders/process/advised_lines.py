"""Which order lines an advice means, how much of each, and what of it does not fit the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.canonical.base import plain
from distportal.canonical.warehouse import AdvisedLine, WarehouseShipment
from orders.choices import LineStatus

if TYPE_CHECKING:
    from inventory.models import Item
    from orders.models import OrderLine

_FINAL = frozenset({"CP", "IC", "DE"})
"""X12 element 368: partial without a backorder, item cancelled, deleted. What is missing will not come."""
_CLOSE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class AdvisedQuantities:
    """Line number -> quantity in the order line's unit, the same by carton as (line number, quantity, SSCC, lot), and a
    sentence for everything that does not fit.
    """

    quantities: Mapping[str, Decimal]
    parts: tuple[tuple[str, str, str, str], ...]
    findings: tuple[str, ...]


def read_lines(
    *,
    fact: WarehouseShipment,
    items: Sequence[Item | None],
    lines: Sequence[OrderLine],
    earlier: Sequence[Mapping[str, str]],
    warehouse_id: int,
) -> AdvisedQuantities:
    """What the advice says of the order's lines. `items` are those of the advice's lines in order, `earlier` the lines
    of all advices of the order before it.
    """
    found: dict[str, Decimal] = {}
    parts: list[tuple[str, str, str, str]] = []
    findings: list[str] = []
    ended: set[str] = set()
    for told, item in zip(fact.lines, items, strict=True):
        line = _line(told, item, lines, warehouse_id)
        name = next((one.value for one in told.items), "an item")
        if line is None:
            findings.append(f"{plain(told.quantity)} {told.unit} of {name}, which the order does not have")
            continue
        factor = _factor(told.unit, line)
        if factor is None:
            findings.append(f"line {line.line_no} is told in {told.unit}, it was ordered in {line.unit}")
            continue
        quantity = (told.quantity * factor).quantize(_CLOSE)
        found[line.line_no] = found.get(line.line_no, Decimal(0)) + quantity
        parts.append((line.line_no, plain(quantity), told.sscc, told.lot))
        if told.status in _FINAL:
            ended.add(line.line_no)
    return AdvisedQuantities(found, tuple(parts), (*findings, *_differences(found, lines, earlier, ended)))


def _line(told: AdvisedLine, item: Item | None, lines: Sequence[OrderLine], warehouse_id: int) -> OrderLine | None:
    """By our line number where the warehouse repeats it, else by the item; one of this warehouse before any other."""
    same = [line for line in lines if item is not None and line.item_id == item.pk]
    numbered = [line for line in lines if told.line_no and line.line_no == told.line_no]
    if numbered and (not same or numbered[0] in same):
        return numbered[0] if same or item is None else None
    here = [line for line in same if line.warehouse_id == warehouse_id]
    return next(iter(here or same), None)


def _factor(unit: str, line: OrderLine) -> Decimal | None:
    """From the unit that was told to that of the order line; a warehouse counts in base units or as was ordered."""
    if unit == line.unit:
        return Decimal(1)
    if line.item is not None and unit == line.item.base_unit and line.base_quantity:
        return line.quantity / line.base_quantity
    return None


def _differences(
    found: Mapping[str, Decimal],
    lines: Sequence[OrderLine],
    earlier: Sequence[Mapping[str, str]],
    ended: set[str],
) -> list[str]:
    """More than was ordered in all, or less where the warehouse says that no more will come."""
    told: list[str] = []
    for line in lines:
        now = found.get(line.line_no)
        if now is None:
            continue
        whole = now + sum((Decimal(one[line.line_no]) for one in earlier if line.line_no in one), Decimal(0))
        live = line.status not in (LineStatus.REJECTED, LineStatus.CANCELLED)
        ordered = line.quantity if live else Decimal(0)
        numbers = f"{plain(whole)} of {plain(ordered)} {line.unit}"
        if whole > ordered + _CLOSE:
            told.append(f"line {line.line_no} is over: {numbers} shipped")
        elif whole < ordered - _CLOSE and line.line_no in ended:
            told.append(f"line {line.line_no} is short: {numbers} shipped, the rest will not come")
    return told
