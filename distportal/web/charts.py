"""Small charts as SVG: where the bars stand; the template draws them and puts the figures into a table behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 120.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle; `series` is the place of what it stands for, and the number of its colour."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars in a view box."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    top: int = 0
    """The largest value."""


def column_chart(groups: Sequence[Sequence[int]]) -> Chart:
    """The values of each group side by side, one group after the other; the largest value is as high as the chart."""
    top = max((value for group in groups for value in group), default=0)
    room = WIDTH / max(len(groups), 1)
    bars = []
    for at, group in enumerate(groups):
        each = room * 0.8 / max(len(group), 1)
        for series, value in enumerate(group):
            height = HEIGHT * value / top if top else 0.0
            x = at * room + room * 0.1 + series * each
            bars.append(Bar(_r(x), _r(HEIGHT - height), _r(each), _r(height), series))
    return Chart(width=WIDTH, height=HEIGHT, bars=tuple(bars), top=top)


def stacked_bar(values: Sequence[int], *, most: int) -> Chart:
    """The values one behind the other in one bar; a bar of `most` is as long as the chart."""
    x, bars = 0.0, []
    for series, value in enumerate(values):
        if value:
            width = 100.0 * value / max(most, 1)
            bars.append(Bar(_r(x), 1.0, _r(width), 8.0, series))
            x += width
    return Chart(width=100.0, height=10.0, bars=tuple(bars), top=most)


def _r(value: float) -> float:
    return round(value, 2)
