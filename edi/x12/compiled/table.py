"""A map as a transition table: from each segment, where the next one leads and what must have been seen by then.

It is made from pyx12's map by asking, once for every place, what pyx12's walker would do there; it is only read after
that, so threads share it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from edi.x12.compiled.counters import Counters
from edi.x12.compiled.shapes import Shape, shape_of
from edi.x12.compiled.values import SEPARATOR


class Entry(NamedTuple):
    """A loop that a segment opens: its count and limit, and the counts inside of it, which start again."""

    counter: int
    limit: int
    first: int
    stop: int
    blank: list[int]


class Move(NamedTuple):
    """One step: the row to go on from, counts that must not be zero, the loop entered, the count and its limit."""

    row: dict[str, Move]
    needed: tuple[int, ...]
    entry: Entry | None
    counter: int
    limit: int
    shape: Shape


class Key(NamedTuple):
    """The element by which segments of one id are told apart, and the values that do so."""

    position: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """One compiled map: `start` is the row before ST, `counts` those there, `keys` the ids that have qualifiers."""

    start: dict[str, Move]
    counts: list[int]
    keys: dict[str, Key]
    version: str


class _Needed(NamedTuple):
    """A mandatory segment or loop that was passed over: pyx12 reports it when its place lies behind."""

    counter: int
    place: int
    identity: tuple[str, str]


class Unfit(ValueError):
    """The map has something that the table cannot hold; its sets all go to pyx12."""


def compile_map(source: Any) -> Table:
    """The table of a pyx12 map. Raises Unfit for a map with loops that open with loops, or odd qualifiers."""
    start = source.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
    nodes = [n for n in source.loop_segment_iterator() if not n.is_map_root()]
    counters = Counters(nodes)
    builder = _Builder(counters, _keys(nodes))
    rows: dict[int, dict[str, Move]] = {id(n): {} for n in nodes if n.is_segment()}
    shapes = {id(n): shape_of(n) for n in nodes if n.is_segment()}
    for node in (n for n in nodes if n.is_segment()):
        builder.fill(rows[id(node)], node, rows, shapes)
    counts = counters.blank()
    for path in ("/ISA_LOOP", "/ISA_LOOP/ISA", "/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS"):
        counts[counters.of(source.getnodebypath(path))] = 1
    return Table(rows[id(start)], counts, builder.keys, source.icvn or "00401")


def _keys(nodes: list[Any]) -> dict[str, Key]:
    found: dict[str, Key] = {}
    for node in (n for n in nodes if n.is_segment()):
        key = node._resolve_unique_key_field(node.id, with_qual=False)
        if key is None:
            continue
        element, position, component = key
        known = found.get(node.id)
        if component or (known and known.position != position):
            raise Unfit(f"{node.id} has more than one kind of qualifier")
        values = known.values if known else frozenset()
        found[node.id] = Key(position, values | {c for c in element.valid_codes if c})
    return found


class _Builder:
    """Fills the rows; counts and limits come from the nodes of the map."""

    def __init__(self, counters: Counters, keys: dict[str, Key]) -> None:
        self._counters = counters
        self.keys = keys

    def fill(
        self, row: dict[str, Move], start: Any, rows: dict[int, dict[str, Move]], shapes: dict[int, Shape]
    ) -> None:
        """The row of the segment `start`: for every segment that may follow, the first place that takes it."""
        passed: list[_Needed] = []
        taken: set[str] = set()
        for loop, child in _places_after(start):
            first = _first_segment(child) if child.is_loop() else child
            opens = child if child.is_loop() else None
            for key in self._names(first):
                if key in taken:
                    continue
                taken.add(key)
                entered = opens or self._reopened(loop, key)
                target = _first_segment(entered) if entered is not None else first
                extra = [] if entered is not None else self._loop_needed(loop)
                needed = _due([*passed, *extra], None if entered is not None else first)
                if target.usage in ("R", "S") and (entered is None or entered.usage in ("R", "S")):
                    limit = _limit(target) if entered is None else 0
                    entry = self._entry(entered) if entered is not None else None
                    counter = self._counters.of(target)
                    row[key] = Move(rows[id(target)], needed, entry, counter, limit, shapes[id(target)])
            passed += self._needed(child, first)

    def _names(self, segment: Any) -> Iterator[str]:
        """The lookup keys that a segment of the map takes."""
        key = self.keys.get(segment.id)
        if key is None:
            yield segment.id
            return
        own = segment._resolve_unique_key_field(segment.id, with_qual=False)
        values = key.values if own is None else {c for c in own[0].valid_codes if c}
        yield from (f"{segment.id}{SEPARATOR}{value}" for value in values)
        if own is None:
            yield f"{segment.id}{SEPARATOR}"

    def _reopened(self, loop: Any, key: str) -> Any:
        """The loop itself when the segment is also the one that opens it: pyx12 then begins it again."""
        if not loop.is_loop():
            return None
        first = loop.get_first_node()
        return loop if first is not None and first.is_segment() and key in set(self._names(first)) else None

    def _loop_needed(self, loop: Any) -> list[_Needed]:
        return self._needed(loop, _first_segment(loop)) if loop.is_loop() else []

    def _needed(self, node: Any, first: Any) -> list[_Needed]:
        if node.usage != "R":
            return []
        return [_Needed(self._counters.of(node), first.pos, (first.id, first.parent.id))]

    def _entry(self, loop: Any) -> Entry:
        first, stop = self._counters.inside(loop)
        return Entry(self._counters.of(loop), _limit(loop), first, stop, [0] * (stop - first))


def _places_after(start: Any) -> Iterator[tuple[Any, Any]]:
    """Every place that pyx12's walker looks at after a segment, in its order, with the loop it lies in."""
    loop, place = start.parent, start.pos
    while True:
        for position in sorted(p for p in loop.pos_map if p >= place):
            for child in loop.pos_map[position]:
                yield loop, child
        if loop.is_map_root():
            return
        loop, place = loop.parent, loop.pos


def _first_segment(loop: Any) -> Any:
    first = loop.get_first_node()
    if first is None or not first.is_segment():
        raise Unfit(f"the loop {loop.id} does not open with a segment")
    return first


def _due(passed: list[_Needed], matched: Any) -> tuple[int, ...]:
    """The counts that must not be zero; what lies at the place of the matched segment itself may still come."""
    if matched is None:
        return tuple(dict.fromkeys(n.counter for n in passed))
    same = (matched.id, matched.parent.id)
    return tuple(dict.fromkeys(n.counter for n in passed if n.place != matched.pos and n.identity != same))


def _limit(node: Any) -> int:
    limit: int = node.get_max_repeat()
    return limit
