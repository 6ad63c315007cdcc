"""Charts as plain SVG: places are counted here, colours come from the stylesheet, and a table stands behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, FOOT = 720, 180, 22
GAP = 0.28
"""The part of a bar's room that stays free."""
MOST_LABELS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One bar: its label below, its value (none is no bar) with its words, and whether it is as it should be."""

    label: str
    value: Decimal | None
    words: str
    good: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar in the chart's own units, with whether its label is written."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    point: Point
    labelled: bool

    @property
    def tone(self) -> str:
        """The class of its colour."""
        return "" if self.point.good is None else "good" if self.point.good else "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars and the line of the target, None where it lies outside."""

    bars: tuple[Bar, ...]
    target_y: str | None
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - FOOT
    label_y: int = HEIGHT - 6

    @property
    def empty(self) -> bool:
        """Whether no day has a value."""
        return all(bar.point.value is None for bar in self.bars)


def bar_chart(points: Sequence[Point], *, target: Decimal | None = None, most: Decimal | None = None) -> Chart:
    """The chart; `most` is the value at its top where that is known, as 1 of a share."""
    values = [point.value for point in points if point.value is not None]
    top = most or max([*values, target or Decimal(0), Decimal("0.001")]) * Decimal("1.08")
    room, step = HEIGHT - FOOT - 8, max(1, -(-len(points) // MOST_LABELS))
    wide = WIDTH / max(len(points), 1)
    bars = []
    for place, point in enumerate(points):
        high = float(min((point.value or Decimal(0)) / top, Decimal(1))) * room
        high = max(high, 2.0) if point.value is not None else 0.0  # a zero is something else than no value
        x = place * wide + wide * GAP / 2
        bars.append(
            Bar(
                x=f"{x:.1f}", y=f"{HEIGHT - FOOT - high:.1f}", width=f"{wide * (1 - GAP):.1f}", height=f"{high:.1f}",
                middle=f"{place * wide + wide / 2:.1f}", point=point,
                labelled=(len(points) - 1 - place) % step == 0,
            )
        )  # fmt: skip
    inside = target is not None and target <= top
    line = f"{HEIGHT - FOOT - float(target / top) * room:.1f}" if inside and target is not None else None
    return Chart(bars=tuple(bars), target_y=line)
