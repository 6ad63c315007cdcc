"""Walks a set through its map with pyx12 and names every error by segment, element and code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyx12.map_walker
import pyx12.segment

from edi.x12.compiled.shapes import OPEN
from edi.x12.leniency import Leniency
from edi.x12.map_cache import known_segments, load_map
from edi.x12.own_checks import check_composites, check_formatted_date, check_repetitions, check_syntax
from edi.x12.segments import Delimiters, Segment
from edi.x12.verdicts import ElementError, SegmentError

_CONTROLS = frozenset(chr(n) for n in (*range(32), *range(127, 160)))


class Walk:
    """One walk of one set: `errors` in the order of the segments, `used` what its text was forgiven."""

    def __init__(self, release: str, set_id: str, delimiters: Delimiters, allowed: frozenset[Leniency]) -> None:
        self.errors: list[SegmentError] = []
        self.used: set[Leniency] = set()
        self._map = load_map(release, set_id)
        self._known = known_segments(release, set_id)
        self._delimiters = delimiters
        self._allowed = allowed

    def check(self, segments: Sequence[Segment]) -> None:
        """Every segment, from ST to SE. Whatever pyx12 breaks on is raised."""
        walker = pyx12.map_walker.walk_tree()
        walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
        walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
        node = self._map.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
        loop = ""
        for position, segment in enumerate(segments, 1):
            data = _as_pyx12(segment, self._delimiters)
            match, _, _, errors = walker.walk_errors(node, data, position, position, loop)
            self.errors += [_segment_error(e, position, loop, self._known) for e in errors]
            if segment.id in ("LS", "LE"):
                loop = segment.get(1) if segment.id == "LS" else ""
            if match is None:
                continue
            node = match
            elements = self._check_elements(segment, node, data)
            if elements:
                text = "an element is wrong"
                self.errors.append(SegmentError(segment.id, position, loop, "8", text, tuple(elements)))

    def _check_elements(self, segment: Segment, node: Any, data: Any) -> list[ElementError]:
        if node.children and node.children[0].data_ele == OPEN:
            return []
        delimiters = self._delimiters
        found = check_composites(segment, node, delimiters)
        broken = {e.position for e in found}
        if broken:
            cut = [v if n not in broken else "" for n, v in enumerate(segment.elements)]
            data = _as_pyx12(Segment(cut, segment.offset, segment.position), delimiters)
        _, errors = node.is_valid_errors(data)
        for error in errors:
            translated = self._element_error(segment, error)
            if translated is not None and translated.position not in broken:
                found.append(translated)
        found += check_syntax(segment, node)
        found += check_formatted_date(segment)
        found += check_repetitions(segment, delimiters)
        return sorted(found, key=lambda e: (e.position, e.component))

    def _element_error(self, segment: Segment, error: Any) -> ElementError | None:
        node = error.map_node
        if node is None:
            return _placeless_error(segment, error)
        position, component = (node.parent.seq, node.seq) if node.parent.is_composite() else (node.seq, 0)
        value = segment.get(position) if error.err_val is None else str(error.err_val)
        if error.err_cde == "6" and _is_readable(node, error, segment.get(position)):
            blanks = "trailing spaces" in error.err_str
            name = Leniency.TRAILING_BLANKS if blanks else Leniency.PRINTABLE_TEXT
            if name in self._allowed:
                self.used.add(name)
                return None
        place = f"{segment.id}{position:02d}" + (f"-{component}" if component else "")
        text = _sentence(place, error, value)
        return ElementError(position, component, node.data_ele or "", error.err_cde, value, text)


def _as_pyx12(segment: Segment, delimiters: Delimiters) -> Any:
    text = delimiters.element.join(segment.elements)
    return pyx12.segment.Segment(text, delimiters.segment, delimiters.element, delimiters.component)


def _segment_error(error: Any, position: int, loop: str, known: frozenset[str]) -> SegmentError:
    name = (error.seg_data.get_seg_id() or "") if error.seg_data is not None else error.map_node.id
    code = error.err_cde
    if code == "1" and name in known:
        code = "2"
    text = {
        "1": f"segment {name or 'without an id'} is not part of this document",
        "2": f"segment {name} is not expected at this place",
        "3": f"a mandatory {name} is missing before this segment",
        "4": f"the loop of {name} occurs too often",
        "5": f"segment {name} occurs too often",
    }.get(code, error.err_str)
    return SegmentError(name, error.seg_count or position, loop, code, text)


def _placeless_error(segment: Segment, error: Any) -> ElementError | None:
    """Errors pyx12 gives to the segment: too many elements and missing composites; syntax rules are checked by us."""
    if error.err_cde == "3":
        position = int(error.refdes)
        return ElementError(position, 0, "", "3", segment.get(position), f"{segment.id} has more elements than it may")
    if error.err_cde == "1":
        position = int(error.refdes[len(segment.id) :][:2])
        return ElementError(position, 0, "", "1", "", f"{segment.id}{position:02d} is missing")
    return None


def _is_readable(node: Any, error: Any, value: str) -> bool:
    """Text may hold any printable character and end in blanks: real files do, and nothing is lost by reading it."""
    return node.get_data_type() == "AN" and "composite" not in error.err_str and not _CONTROLS & set(value)


def _sentence(place: str, error: Any, value: str) -> str:
    words = {
        "1": "is missing",
        "4": f"{value!r} is too short",
        "5": f"{value[:60]!r} is too long",
        "6": f"{value[:60]!r} holds characters that are not allowed",
        "7": f"{value!r} is not a known code",
        "8": f"{value!r} is not a date",
        "9": f"{value!r} is not a time",
    }
    return f"{place} {words.get(error.err_cde, error.err_str)}"
