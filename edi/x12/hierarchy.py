"""Our own check of HL trees: pyx12 finds these errors but cannot name them in an acknowledgment (X12 segment HL)."""

from __future__ import annotations

from collections.abc import Sequence

from edi.x12.tokens import Segment
from edi.x12.verdicts import ElementError, SegmentError

PARENTS: dict[str, tuple[str, ...]] = {
    "S": (),
    "O": ("S", "T", "P"),
    "T": ("S", "O", "T"),
    "P": ("S", "O", "T", "I", "P"),
    "Q": ("P", "T", "I", "O"),
    "I": ("S", "O", "T", "P", "Q"),
    "K": ("O", "P", "T", "I"),
    "F": ("I", "K"),
}
"""HL03 -> the levels it may stand under: S-O-P-I, S-O-I-P, S-P-O-I, S-O-I and S-I, each with or without pallets."""


def check_hierarchy(segments: Sequence[Segment]) -> list[SegmentError]:
    """The errors of HL01 (1, 2, 3 …), HL02 (an earlier HL), HL03 (allowed below its parent) and HL04 (children follow).

    `segments` start with ST; HL02 alone decides who the parent is, not the order of the text.
    """
    levels: dict[str, str] = {}
    parents: set[str] = set()
    found: dict[int, list[ElementError]] = {}
    rows = [(position, segment) for position, segment in enumerate(segments, 1) if segment.id == "HL"]
    for number, (position, segment) in enumerate(rows, 1):
        own, parent, level = segment.get(1), segment.get(2), segment.get(3)
        errors = found.setdefault(position, [])
        if not own.isdecimal() or own.lstrip("0") != str(number):
            errors.append(_error(1, "628", own, f"HL01 {own!r} should be {number}"))
        if parent and parent not in levels:
            errors.append(_error(2, "734", parent, f"HL02 {parent!r} is not the number of an earlier HL"))
        elif level in PARENTS and levels.get(parent, "") not in (PARENTS[level] or ("",)):
            under = f"under {levels[parent]!r}" if parent else "without a parent"
            errors.append(_error(3, "735", level, f"HL03 {level!r} cannot stand {under}"))
        levels[own] = level
        parents.add(parent)
    for position, segment in rows:
        if segment.get(4) and (segment.get(4) == "1") != (segment.get(1) in parents):
            text = f"HL04 {segment.get(4)!r} does not fit the children of HL {segment.get(1)}"
            found[position].append(_error(4, "736", segment.get(4), text))
    return [
        SegmentError("HL", position, "", "8", "the hierarchy is wrong", tuple(errors))
        for position, errors in found.items()
        if errors
    ]


def _error(position: int, reference: str, value: str, text: str) -> ElementError:
    return ElementError(position, 0, reference, "7", value, text)
