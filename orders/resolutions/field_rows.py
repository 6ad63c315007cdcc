"""The editor of a case: each field that may be corrected with what stands there, the new value, and where from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.channels import channel_word
from inventory.queries.packs import sold_levels
from orders.models import Order, OrderVersion
from orders.process.corrections import HEADER_FIELDS, LINE_FIELDS
from orders.process.evaluation import Evaluation, Verdict
from orders.process.rules import LineFacts
from orders.queries.choices_made import Choice, Wanted, chosen_before, seen_value

LABELS = {
    "sku": "Our item", "quantity": "Quantity", "unit": "Unit", "unit_price": "Price", "ship_to": "Ship to",
    "requested_on": "Wanted on", "cancel_after": "Cancel after",
}  # fmt: skip
MOST_LINES = 20
"""So many lines are shown at once: more would not fit an address, nor a person's eyes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A value that can be taken with one click, and why."""

    value: str
    why: str
    last_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field: `now` is in force and came from `source`, `new` is what was typed; `unknown` says that no choice that
    is offered stands for it.
    """

    name: str
    kind: str
    label: str
    now: str
    new: str
    source: str
    problem: str
    hints: tuple[Hint, ...]
    unknown: bool = False

    @property
    def is_date(self) -> bool:
        """Whether a day is typed into it."""
        return self.kind in ("requested_on", "cancel_after")

    @property
    def full_label(self) -> str:
        """What a reader of one field alone is told."""
        parts = self.name.split(".")
        return f"{self.label} of line {parts[1]}" if len(parts) == 3 else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line of the order with its fields and what the rules say of it."""

    no: str
    fact: LineFacts
    names: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    fields: tuple[FieldRow, ...] = ()


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Makes the rows of one order; `may` are the fields that the case lets correct, `places` the ship-to codes."""

    order: Order
    now: Evaluation
    may: Sequence[str]
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    versions: Sequence[OrderVersion]
    places: frozenset[str]
    asked: AskedOrder = field(init=False)
    before: Mapping[Wanted, list[Choice]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.asked = from_json(AskedOrder, self.order.canonical)

    def header(self) -> list[FieldRow]:
        """The order's own fields."""
        self._remember(name for name in HEADER_FIELDS if name in self.may)
        return [self._field(name, None) for name in HEADER_FIELDS if name in self.may]

    def lines(self, also: str) -> list[LineRow]:
        """Lines that the rules object to or somebody typed into, the one that was asked for, then the first others; at
        most 20.
        """
        facts = {fact.line.line_no: fact for fact in self.now.facts.lines}
        told = [v.finding.line_no for v in self.now.verdicts if v.finding.line_no and v.action != "accept"]
        typed = [name.split(".")[1] for name in self.typed if name.count(".") == 2]
        ranked = dict.fromkeys([*typed, also, *told, *facts])
        chosen = set([no for no in ranked if no in facts][:MOST_LINES])
        fields = [name for name in LINE_FIELDS if name in self.may]
        self._remember(f"line.{no}.{name}" for no in chosen for name in fields)
        return [self._line(no, fact, fields) for no, fact in facts.items() if no in chosen]

    def _line(self, no: str, fact: LineFacts, fields: Sequence[str]) -> LineRow:
        asked = next(line for line in self.asked.lines if line.line_no == no)
        return LineRow(
            no=no,
            fact=fact,
            names=tuple(f"{one.qualifier} {one.value}" for one in asked.items),
            verdicts=tuple(v for v in self.now.verdicts if v.finding.line_no == no),
            fields=tuple(self._field(f"line.{no}.{name}", fact) for name in fields),
        )

    def _field(self, name: str, fact: LineFacts | None) -> FieldRow:
        kind = name.rpartition(".")[2]
        now = self._value(name)
        new = self.typed.get(name, now)
        return FieldRow(
            name=name,
            kind=kind,
            label=LABELS[kind],
            now=now,
            new=new,
            source=self._source(name),
            problem=self.problems.get(name, ""),
            hints=tuple(_once([*self._history(name), *(_meant(kind, fact) if fact else ())], but=now)),
            unknown=kind == "ship_to" and new not in self.places,
        )

    def _value(self, name: str) -> str:
        if name.endswith(".sku"):
            line = next(one for one in self.asked.lines if one.line_no == name.split(".")[1])
            return next((one.value for one in line.items if one.qualifier == "sku"), "")
        return seen_value(self.asked, name)[1]

    def _source(self, name: str) -> str:
        for version in reversed(self.versions):
            for change in version.changes:
                if change["field"] == name:
                    was = change["old"] or "nothing"
                    return f"{version.actor or 'The portal'}, version {version.version} (was {was})"
        return f"as it came by {channel_word(self.order.channel)}"

    def _remember(self, names: Iterable[str]) -> None:
        wanted = [seen_value(self.asked, name) for name in names]
        self.before = chosen_before(account_id=self.order.account_id, wanted=wanted)

    def _history(self, name: str) -> Iterator[Hint]:
        for choice in self.before.get(seen_value(self.asked, name), ()):
            times = "once" if choice.times == 1 else f"{choice.times} times"
            yield Hint(value=choice.value, why=f"chosen {times} before", last_at=choice.last_at)


def _meant(kind: str, fact: LineFacts) -> Iterator[Hint]:
    """What the facts of the line suggest."""
    found: Callable[[LineFacts], Iterator[Hint]] | None = _FROM_FACTS.get(kind)
    if found is not None:
        yield from found(fact)


def _items(fact: LineFacts) -> Iterator[Hint]:
    for sku in fact.candidates[:3]:
        yield Hint(value=sku, why="could be meant")
    if fact.substitute is not None:
        yield Hint(value=fact.substitute.item.sku, why="replaces it")


def _units(fact: LineFacts) -> Iterator[Hint]:
    if fact.item is not None and fact.base_quantity is None:
        for pack in sold_levels(fact.item)[:3]:
            yield Hint(value=pack.unit, why="it is sold so")


def _prices(fact: LineFacts) -> Iterator[Hint]:
    if fact.our_price is not None:
        yield Hint(value=f"{fact.our_price.normalize():f}", why="our price")


_FROM_FACTS: dict[str, Callable[[LineFacts], Iterator[Hint]]] = {"sku": _items, "unit": _units, "unit_price": _prices}


def _once(hints: Iterable[Hint], *, but: str) -> Iterator[Hint]:
    """Each value once, the first reason counts; what stands there already is no suggestion."""
    seen = {but}
    for hint in hints:
        if hint.value not in seen:
            seen.add(hint.value)
            yield hint
