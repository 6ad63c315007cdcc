"""A transaction set in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from edi.documents.code_words import code_meaning
from edi.documents.items import ITEM_QUALIFIERS
from edi.documents.segment_names import SEGMENTS
from edi.x12.rules import element_number, element_rule
from edi.x12.tokens import Elements

_ITEM_PAIRS = {"PO1": 6, "IT1": 6, "LIN": 2, "POC": 8, "ACK": 7, "SLN": 9, "BLI": 1}
"""Where the pairs of qualifier and item number begin."""


@dataclass(frozen=True, slots=True)
class Part:
    """One element: its place such as `BEG03`, its name, the value as sent, what a code means and what the standard
    asks of it.
    """

    place: str
    name: str
    value: str
    meaning: str
    rule: str


@dataclass(frozen=True, slots=True)
class Row:
    """One segment in words; `position` counts from ST = 1, as acknowledgments do."""

    position: int
    segment: str
    name: str
    parts: tuple[Part, ...]


def decoded(segments: list[Elements], *, release: str = "") -> list[Row]:
    """Every segment of a set, in words; the rules are those of the release."""
    return [_row(at, elements, release) for at, elements in enumerate(segments, 1) if elements]


def _row(position: int, elements: Elements, release: str) -> Row:
    segment = str(elements[0])
    name, names = SEGMENTS.get(segment, (segment, ()))
    parts = tuple(
        Part(
            f"{segment}{at:02d}",
            _name(segment, at, elements, names),
            str(value),
            _kind(segment, at, str(value))
            or code_meaning(segment, at, element_number(release, segment, at), str(value)),
            element_rule(release, segment, at),
        )
        for at, value in enumerate(elements[1:], 1)
        if value
    )
    return Row(position, segment, name, parts)


def _name(segment: str, at: int, elements: Elements, names: tuple[str, ...]) -> str:
    start = _ITEM_PAIRS.get(segment)
    if start is not None and at >= start:
        odd = (at - start) % 2
        kind = ITEM_QUALIFIERS.get(str(elements[at - odd]), "other")
        return f"Item number ({kind})" if odd else "Kind of number"
    return names[at - 1] if at <= len(names) else ""


def _kind(segment: str, at: int, value: str) -> str:
    """What the qualifier before an item number means."""
    start = _ITEM_PAIRS.get(segment)
    return ITEM_QUALIFIERS.get(value, "") if start is not None and at >= start and (at - start) % 2 == 0 else ""
