"""Words a body that we send as its receiver says it: units, ship-to codes and the order of item numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from edi.x12.tokens import Elements

UNITS: dict[str, tuple[int, ...]] = {
    "PO1": (3,),
    "POC": (5,),
    "ACK": (3,),
    "SN1": (3, 6),
    "IT1": (3,),
    "ISS": (2, 4),
    "QTY": (3,),
    "CTP": (5,),
}
"""Segment -> its elements that hold a unit of the goods (X12 element 355)."""
ITEM_PAIRS: dict[str, int] = {"PO1": 6, "POC": 8, "IT1": 6, "LIN": 2, "ACK": 7}
"""Segment -> where its pairs of qualifier (X12 element 235) and item number begin."""
_PLACES = ("92", "54")
"""N103: the code is one that the buyer, or a warehouse, assigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirWords:
    """Our unit -> theirs, our ship-to code -> theirs, and the order in which they want item numbers."""

    units: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    item_qualifiers: Sequence[str] = ()


def in_their_words(body: Sequence[Elements], words: TheirWords) -> list[Elements]:
    """The body with what the words change; the same rows where they change nothing."""
    return [_row(list(row), words) for row in body]


def _row(row: Elements, words: TheirWords) -> Elements:
    segment = row[0]
    for at in UNITS.get(segment, ()):
        if at < len(row):
            row[at] = words.units.get(row[at], row[at])
    if segment == "N1" and row[1] == "ST" and len(row) > 4 and row[3] in _PLACES:
        row[4] = words.places.get(row[4], row[4])
    start = ITEM_PAIRS.get(segment)
    if start is not None and words.item_qualifiers and len(row) > start + 1:
        row[start:] = _ordered(row[start:], words.item_qualifiers)
    return row


def _ordered(pairs: Elements, wanted: Sequence[str]) -> Elements:
    """The pairs in the wanted order, those that nobody asked for behind in the order in which they stood."""
    if len(pairs) % 2:
        return pairs
    couples = [pairs[n : n + 2] for n in range(0, len(pairs), 2)]
    place = {code: n for n, code in enumerate(wanted)}
    couples.sort(key=lambda couple: place.get(couple[0], len(place)))
    return [value for couple in couples for value in couple]
