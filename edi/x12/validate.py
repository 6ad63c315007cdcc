"""Judges one transaction set by its map: pyx12 walks and checks, we name the errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pyx12.map_walker
import pyx12.segment

from edi.x12.catalog import RELEASES
from edi.x12.hierarchy import check_hierarchy
from edi.x12.map_cache import known_segments, load_map
from edi.x12.own_checks import check_composites, check_formatted_date, check_repetitions, check_syntax
from edi.x12.structure import Finding, TransactionSet
from edi.x12.tokens import Delimiters, Segment
from edi.x12.verdicts import ElementError, SegmentError, SetVerdict

_OPEN = "0"
_CONTROLS = frozenset(chr(n) for n in (*range(32), *range(127, 160)))
_UNREADABLE = frozenset({"1", "6"})
"""AK502 codes of a set whose map we cannot even choose."""


def validate_set(tset: TransactionSet, *, release: str = "", lenient: frozenset[str] = frozenset()) -> SetVerdict:
    """The verdict over one set, envelope findings included. Never raises: a broken engine rejects the set with code 5.

    `release` overrides that of the group; `lenient` are AK403 codes that are told (verdict E) but do not reject.
    """
    release = release or tset.release
    findings = list(tset.findings)
    if release not in RELEASES and not findings:
        findings.append(Finding("set", "1", f"we have no {tset.st01} of the release {tset.version!r}"))
    envelope = tuple(f.text for f in findings)
    codes = list(dict.fromkeys(f.code for f in findings))
    errors: tuple[SegmentError, ...] = ()
    failure = ""
    if release in RELEASES and not _UNREADABLE & set(codes):
        try:
            errors = tuple(_check(tset, release))
        except Exception as error:  # noqa: BLE001 - THE boundary around pyx12: one bad set must not stop its siblings
            failure = f"The set could not be checked ({type(error).__name__}: {error}). It was rejected and kept."
    if failure or any(_rejects(e, lenient) for e in errors):
        codes.append("5")
    verdict: Literal["A", "E", "R"] = "R" if codes else "E" if errors else "A"
    return SetVerdict(
        tset.st01, tset.st02, tset.st03, verdict, tuple(codes[:5]), errors, failure=failure, envelope=envelope
    )


def _rejects(error: SegmentError, lenient: frozenset[str]) -> bool:
    return error.code != "8" or not error.elements or any(e.code not in lenient for e in error.elements)


def _check(tset: TransactionSet, release: str) -> list[SegmentError]:
    found = _walk(tset.segments, release, tset.st01, tset.delimiters)
    if any(segment.id == "HL" for segment in tset.segments):
        found += check_hierarchy(tset.segments)
    return sorted(found, key=lambda e: e.position)


def _walk(segments: Sequence[Segment], release: str, set_id: str, delimiters: Delimiters) -> list[SegmentError]:
    set_map = load_map(release, set_id)
    known = known_segments(release, set_id)
    walker = pyx12.map_walker.walk_tree()
    walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
    walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
    node = set_map.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
    found: list[SegmentError] = []
    loop = ""
    for position, segment in enumerate(segments, 1):
        data = _as_pyx12(segment, delimiters)
        match, _, _, errors = walker.walk_errors(node, data, position, position, loop)
        found += [_segment_error(e, position, loop, known) for e in errors]
        if segment.id in ("LS", "LE"):
            loop = segment.get(1) if segment.id == "LS" else ""
        if match is None:
            continue
        node = match
        elements = _check_elements(segment, node, data, delimiters)
        if elements:
            found.append(SegmentError(segment.id, position, loop, "8", "an element is wrong", tuple(elements)))
    return found


def _as_pyx12(segment: Segment, delimiters: Delimiters) -> Any:
    text = delimiters.element.join(segment.elements)
    return pyx12.segment.Segment(text, delimiters.segment, delimiters.element, delimiters.component)


def _segment_error(error: Any, position: int, loop: str, known: frozenset[str]) -> SegmentError:
    name = error.seg_data.get_seg_id() if error.seg_data is not None else error.map_node.id
    code = error.err_cde
    if code == "1" and name in known:
        code = "2"
    text = {
        "1": f"segment {name} is not part of this document",
        "2": f"segment {name} is not expected at this place",
        "3": f"a mandatory {name} is missing before this segment",
        "4": f"the loop of {name} occurs too often",
        "5": f"segment {name} occurs too often",
    }.get(code, error.err_str)
    return SegmentError(name, error.seg_count or position, loop, code, text)


def _check_elements(segment: Segment, node: Any, data: Any, delimiters: Delimiters) -> list[ElementError]:
    if node.children and node.children[0].data_ele == _OPEN:
        return []
    found = check_composites(segment, node, delimiters)
    broken = {e.position for e in found}
    if broken:
        cut = [v if n not in broken else "" for n, v in enumerate(segment.elements)]
        data = _as_pyx12(Segment(cut, segment.offset, segment.position), delimiters)
    _, errors = node.is_valid_errors(data)
    for error in errors:
        translated = _element_error(segment, error)
        if translated is not None and translated.position not in broken:
            found.append(translated)
    found += check_syntax(segment, node)
    found += check_formatted_date(segment)
    found += check_repetitions(segment, delimiters)
    return sorted(found, key=lambda e: (e.position, e.component))


def _element_error(segment: Segment, error: Any) -> ElementError | None:
    node = error.map_node
    if node is None:
        return _placeless_error(segment, error)
    position, component = (node.parent.seq, node.seq) if node.parent.is_composite() else (node.seq, 0)
    value = segment.get(position) if error.err_val is None else str(error.err_val)
    if error.err_cde == "6" and _is_tolerable(node, error, segment.get(position)):
        return None
    place = f"{segment.id}{position:02d}" + (f"-{component}" if component else "")
    return ElementError(position, component, node.data_ele or "", error.err_cde, value, _sentence(place, error, value))


def _placeless_error(segment: Segment, error: Any) -> ElementError | None:
    """Errors pyx12 gives to the segment: too many elements and missing composites; syntax rules are checked by us."""
    if error.err_cde == "3":
        position = int(error.refdes)
        return ElementError(position, 0, "", "3", segment.get(position), f"{segment.id} has more elements than it may")
    if error.err_cde == "1":
        position = int(error.refdes[len(segment.id) :][:2])
        return ElementError(position, 0, "", "1", "", f"{segment.id}{position:02d} is missing")
    return None


def _is_tolerable(node: Any, error: Any, value: str) -> bool:
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
