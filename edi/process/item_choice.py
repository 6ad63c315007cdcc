"""One item a line: where its numbers name different ones, what was agreed decides, and nobody guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from distportal.canonical.orders import Order, OrderChange, OrderLine, OrderLineChange
from distportal.canonical.parts import ItemId
from edi.queries.stock import items_named

if TYPE_CHECKING:
    from uuid import UUID

    from inventory.models import Item

A = TypeVar("A", Order, OrderChange)
L = TypeVar("L", OrderLine, OrderLineChange)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenItems(Generic[A]):
    """The order, or the change of one, with one item a line; `notes` tell where the agreement chose, `problems` where
    it says nothing.
    """

    order: A
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def choose_items(order: A, *, account_id: UUID, qualifiers: Sequence[str]) -> ChosenItems[A]:
    """The item of each line by the agreed order of `qualifiers` (X12 element 235), where its numbers name different
    items; the numbers that lost stay with the line under their code and name nothing any more. Two queries at most.
    """
    asked = [(at, name) for at, line in enumerate(order.lines) for name in _telling(line.items)]
    found = items_named(account_id=account_id, names=[[name] for _, name in asked]) if asked else []
    named: dict[int, list[tuple[ItemId, Item]]] = {}
    for (at, name), item in zip(asked, found, strict=True):
        if item is not None:
            named.setdefault(at, []).append((name, item))
    lines, notes, problems = list(order.lines), list[str](), list[str]()
    for at, pairs in named.items():
        if len({item.pk for _, item in pairs}) < 2:
            continue
        line = lines[at]
        told = ", ".join(f"{name.code or name.qualifier} {name.value} is {item.sku}" for name, item in pairs)
        said = f"The numbers of line {line.buyer_line or line.line_no} name different items: {told}"
        winner = next((pair for code in qualifiers for pair in pairs if pair[0].code == code), None)
        if winner is None:
            problems.append(f"{said}. Ask the buyer, or agree on the order of item numbers (item_qualifiers)")
        else:
            notes.append(f"{said}. By the agreed order of item numbers it is {winner[1].sku}.")
            lines[at] = _settled(line, pairs, winner)
    return ChosenItems(order=replace(order, lines=tuple(lines)), notes=tuple(notes), problems=tuple(problems))


def _telling(items: Sequence[ItemId]) -> list[ItemId]:
    """The numbers that can name an item, where there are several."""
    names = [name for name in items if name.qualifier != "other"]
    return names if len(names) > 1 else []


def _settled(line: L, pairs: Sequence[tuple[ItemId, Item]], winner: tuple[ItemId, Item]) -> L:
    lost = {name for name, item in pairs if item.pk != winner[1].pk}
    items = (replace(name, qualifier="other") if name in lost else name for name in line.items)
    return replace(line, items=tuple(sorted(items, key=lambda name: name != winner[0])))
