"""The tree of HL segments that an 856 consists of (X12 segment HL)."""

from __future__ import annotations

from edi.x12.tokens import Elements


class HlTree:
    """Numbers the levels as they are added and knows in the end which of them have children (HL04)."""

    def __init__(self) -> None:
        self._levels: list[tuple[str, str, list[Elements]]] = []

    @property
    def count(self) -> int:
        """How many HL segments there are: CTT01 of an 856."""
        return len(self._levels)

    def add(self, parent: str, level: str, rows: list[Elements]) -> str:
        """The number (HL01) of a new level below `parent`; "" is above all."""
        self._levels.append((parent, level, rows))
        return str(self.count)

    def rows(self) -> list[Elements]:
        """All segments in the order in which the levels were added."""
        parents = {parent for parent, _, _ in self._levels}
        found: list[Elements] = []
        for number, (parent, level, rows) in enumerate(self._levels, 1):
            found.append(["HL", str(number), parent, level, "1" if str(number) in parents else "0"])
            found += rows
        return found
