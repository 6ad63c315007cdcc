"""Numbers for the loops and segments of a map, so that counting them is adding to a list."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any


class Counters:
    """One number for each path of a map, ordered so that what lies inside of a loop stands together.

    Nodes of one path share their count, as they do in pyx12.
    """

    def __init__(self, nodes: list[Any]) -> None:
        self._paths = sorted({_parts(node) for node in nodes})
        self._numbers = {path: number for number, path in enumerate(self._paths)}

    def of(self, node: Any) -> int:
        """The number of a loop or segment."""
        return self._numbers[_parts(node)]

    def inside(self, loop: Any) -> tuple[int, int]:
        """The numbers of everything inside of a loop: the first, and the one after the last."""
        path = _parts(loop)
        first = bisect_left(self._paths, (*path, ""))
        return first, bisect_left(self._paths, (*path, chr(0x10FFFF)))

    def blank(self) -> list[int]:
        """A count of zero for each."""
        return [0] * len(self._paths)


def _parts(node: Any) -> tuple[str, ...]:
    return tuple(node.x12path.format().split("/"))
