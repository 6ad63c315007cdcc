"""What of a stranger's sets we cannot do yet: sets, segments, elements and codes, each with how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from distportal.common.units import NAMES
from edi.documents.items import ITEM_QUALIFIERS
from edi.documents.reading_probe import reader_of, unread_parts
from edi.documents.registry import DOCUMENTS
from edi.x12.catalog import RELEASES
from edi.x12.structure import TransactionSet
from edi.x12.validate import validate_set
from edi.x12.verdicts import ElementError

ITEM_PAIRS = {"PO1": 6, "POC": 8, "IT1": 6, "LIN": 2}
"""Segment -> where its pairs of item qualifier and number begin."""
UNIT_AT = {"PO1": 3, "POC": 5, "IT1": 3}
"""Segment -> the element with the unit of the goods."""
_INVALID_CODE = "7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something we cannot do yet or do not read: `kind` is set, release, segment, element, code or problem; `weight` is
    blocking where documents would not get through, else note.
    """

    kind: str
    what: str
    set_id: str
    count: int
    meaning: str
    weight: str = "note"


def find_gaps(sets: Sequence[TransactionSet]) -> list[Gap]:
    """Every gap, those that stop documents first, then by how often."""
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    for tset in sets:
        for kind, what, meaning, weight, count in _gaps_of(tset):
            found[kind, what, tset.st01[:3], meaning, weight] += count
    gaps = [
        Gap(kind=kind, what=what, set_id=set_id, count=count, meaning=meaning, weight=weight)
        for (kind, what, set_id, meaning, weight), count in found.items()
    ]
    return sorted(gaps, key=lambda gap: (gap.weight != "blocking", -gap.count, gap.set_id, gap.what))


def _gaps_of(tset: TransactionSet) -> Iterable[tuple[str, str, str, str, int]]:
    kind = DOCUMENTS.get(tset.st01)
    if kind is None:
        yield "set", tset.st01[:3], "We have no map of this set.", "blocking", 1
        return
    if tset.release not in RELEASES:
        yield "release", tset.version[:12], "We have no maps of this release.", "blocking", 1
        return
    yield from _invalid(tset)
    read = reader_of(kind)
    if read is None:
        yield "set", tset.st01, "We write this set and do not read it.", "blocking", 1
        return
    unread, problems = unread_parts(tset, read)
    for part, count in unread.items():
        sort = "segment" if len(part) <= 3 else "element"
        yield sort, part, f"No mapping reads this {sort}; what it says is kept and shown, not used.", "note", count
    for problem in problems:
        yield "problem", problem.partition(" (")[0], problem.partition("): ")[2] or problem, "blocking", 1
    yield from _strange_codes(tset)


def _invalid(tset: TransactionSet) -> Iterable[tuple[str, str, str, str, int]]:
    verdict = validate_set(tset)
    for text in verdict.envelope:
        yield "problem", "envelope", text, "blocking", 1
    for error in verdict.errors:
        for element in error.elements:
            yield _element_gap(error.segment, element)
        if not error.elements:
            yield "problem", error.segment, f"Our map refuses it: {error.text}.", "blocking", 1
    if verdict.failure:
        yield "problem", "engine", verdict.failure, "blocking", 1


def _element_gap(segment: str, element: ElementError) -> tuple[str, str, str, str, int]:
    place = f"{segment}{element.position:02d}"
    if element.code == _INVALID_CODE:
        return "code", f"{place} {element.value[:20]}", "This code is outside our tables.", "blocking", 1
    return "problem", place, f"Our map refuses it: {element.text}.", "blocking", 1


def _strange_codes(tset: TransactionSet) -> Iterable[tuple[str, str, str, str, int]]:
    for segment in tset.segments:
        start = ITEM_PAIRS.get(segment.id)
        if start is not None:
            for code in segment.elements[start::2]:
                if code.strip() and code.strip() not in ITEM_QUALIFIERS:
                    yield "code", f"{segment.id} {code[:2]}", "A kind of item number we cannot look up.", "note", 1
        unit = segment.get(UNIT_AT.get(segment.id, 99)).strip()
        if unit and unit not in NAMES:
            meaning = "A unit we have no name for. Agree in a cross reference which of ours it means."
            yield "code", f"unit {unit[:8]}", meaning, "note", 1
