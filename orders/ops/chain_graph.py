"""A story as a graph: each step a box right of the one it came from. The same steps stand in the list below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distportal.events.lineage import Step

BOX_WIDTH, BOX_HEIGHT = 170, 40
GAP_X, GAP_Y, EDGE = 42, 12, 6
MOST_BOXES = 80
LETTERS = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One step with its place; `anchor` is its line in the list."""

    step: Step
    x: int
    y: int
    anchor: str
    tone: str

    @property
    def words(self) -> str:
        """Its title as far as it fits."""
        title = str(self.step.title)
        return title if len(title) <= LETTERS else f"{title[: LETTERS - 1]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Boxes and the lines between them; `left_out` steps are in the list alone."""

    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    width: int
    height: int
    left_out: int
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def graph_of(steps: Sequence[Step], anchors: Mapping[str, str], tones: Mapping[str, str]) -> Graph:
    """The first steps of a story: columns are how far a step is from the beginning, rows keep families."""
    shown = list(steps[:MOST_BOXES])
    columns = _columns(shown)
    rows = _rows(shown)
    places = {
        step.key: (
            EDGE + columns[step.key] * (BOX_WIDTH + GAP_X),
            EDGE + rows[step.key] * (BOX_HEIGHT + GAP_Y),
        )
        for step in shown
    }
    boxes = tuple(
        Box(step=s, x=places[s.key][0], y=places[s.key][1], anchor=anchors[s.key], tone=tones[s.key]) for s in shown
    )
    lines = tuple(_line(places[s.parent], places[s.key]) for s in shown if s.parent in places and s.parent != s.key)
    return Graph(
        boxes=boxes, lines=lines, left_out=len(steps) - len(shown),
        width=max((box.x for box in boxes), default=0) + BOX_WIDTH + EDGE,
        height=max((box.y for box in boxes), default=0) + BOX_HEIGHT + EDGE,
    )  # fmt: skip


def _columns(steps: Sequence[Step]) -> dict[str, int]:
    """How many steps lie before each. A parent that is not shown, or a ring, is a beginning."""
    parents = {step.key: step.parent for step in steps}
    found: dict[str, int] = {}
    for step in steps:
        depth, seen, key = 0, {step.key}, step.parent
        while key in parents and key not in seen:
            seen.add(key)
            depth, key = depth + 1, parents[key]
        found[step.key] = depth
    return found


def _rows(steps: Sequence[Step]) -> dict[str, int]:
    """The first child stands beside its parent, each further one in a row of its own."""
    children: dict[str, list[str]] = {}
    keys = {step.key for step in steps}
    for step in steps:
        children.setdefault(step.parent if step.parent in keys else "", []).append(step.key)
    rows: dict[str, int] = {}
    next_row = 0
    pending = list(reversed(children.get("", [])))
    while pending or len(rows) < len(keys):
        # what hangs in a ring has no beginning: any of it will do
        key = pending.pop() if pending else next(k for k in sorted(keys) if k not in rows)
        if key in rows:
            continue
        parent = next((one.parent for one in steps if one.key == key), "")
        beside = parent in rows and rows[parent] == next_row - 1 and children[parent][0] == key
        rows[key] = next_row - 1 if beside else next_row
        next_row = max(next_row, rows[key] + 1)
        pending += reversed(children.get(key, []))
    return rows


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = start[0] + BOX_WIDTH, start[1] + BOX_HEIGHT // 2
    x2, y2 = end[0], end[1] + BOX_HEIGHT // 2
    bend = x2 - GAP_X // 2
    return f"M{x1} {y1} H{bend} V{y2} H{x2}"
