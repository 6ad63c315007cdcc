"""What the X12 engine raises."""

from __future__ import annotations

from dataclasses import dataclass


class X12Error(ValueError):
    """Base of everything the engine raises; the text is a sentence for people."""


class NoInterchange(X12Error):
    """The bytes hold no readable ISA: there is nobody to answer."""


class WriteError(X12Error):
    """What was to be written cannot stand in X12."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that could not be read: segment, its position in the set (ST is 1), element (0: the whole segment)."""

    segment: str
    position: int
    element: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.segment}{self.element:02d}" if self.element else self.segment
        return f"{place} (segment {self.position}): {self.sentence}"


class MappingError(X12Error):
    """A valid set that could not be understood; `problems` lists every one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(p) for p in problems))
        self.problems = problems
