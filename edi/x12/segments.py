"""What a segment is once it is cut: its elements and where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Elements = list[str]
COMPONENT = "\x1f"
"""Stands between components of an element to be written; the writer puts the partner's separator there."""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators of one interchange, read by position from its ISA; `repetition` is empty before 00501."""

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str = ""


class Segment(NamedTuple):
    """One segment: `elements[0]` is its id, `offset` its first byte in the file, `position` counts from ISA = 1.

    A tuple, because a large interchange has millions of them.
    """

    elements: Elements
    offset: int
    position: int

    @property
    def id(self) -> str:
        """The segment id."""
        return self.elements[0]

    def get(self, number: int) -> str:
        """Element `number` (1-based), or "" when the segment is shorter."""
        return self.elements[number] if number < len(self.elements) else ""
