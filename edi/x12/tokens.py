"""Bytes to segments: finds the interchanges of a file and cuts them by their own delimiters."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from edi.x12.errors import NoInterchange

Elements = list[str]
LONGEST_SEGMENT = 64 * 1024
"""A longer segment is damage, not data: it is never split, and refuses its interchange."""
COMPONENT = "\x1f"
"""Stands between components of an element to be written; the writer puts the partner's separator there."""

_BOM = "\xef\xbb\xbf"
_LONGEST_ISA = 300
_ISA = re.compile(
    r"ISA([^A-Za-z0-9 \r\n])..\1.{10}\1..\1.{10}\1..\1.{15}\1..\1.{15}\1.{6}\1.{4}\1.\1.{5}\1.{9}\1.\1.\1..", re.S
)
_UNPADDED = re.compile(r"ISA(?=[^A-Za-z0-9 \r\n])")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators of one interchange, read by position from its ISA; `repetition` is empty before 00501."""

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: `elements[0]` is its id, `offset` its first byte in the file, `position` counts from ISA = 1."""

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


@dataclass(slots=True)
class RawInterchange:
    """One ISA to IEA, cut but not judged: `content[offset:end]` are its bytes. `cut_off` says that no IEA came."""

    delimiters: Delimiters
    offset: int
    end: int = 0
    segments: list[Segment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cut_off: bool = False
    oversized: Segment | None = None


def split_interchanges(content: bytes) -> list[RawInterchange]:
    """Every interchange of a file, in order; what stood around them is told in the notes.

    Raises NoInterchange for an empty file, for binary junk and for text without a readable ISA.
    """
    text = content.decode("latin-1")
    padded = [match.start() for match in _ISA.finditer(text)]
    start = _next_isa(text, padded, len(_BOM) if text.startswith(_BOM) else 0)
    if start is None:
        raise NoInterchange(_why_none(text))
    notes = ["A byte order mark before the ISA was ignored."] if text.startswith(_BOM) else []
    notes += _junk_note(text[len(_BOM) if notes else 0 : start], "before the ISA")
    found: list[RawInterchange] = []
    while start is not None:
        raw = _cut(text, padded, start)
        raw.notes[:0] = notes
        notes = []
        found.append(raw)
        start = _next_isa(text, padded, raw.end)
        raw.notes += _junk_note(text[raw.end : start], "after the IEA")
    return found


def _why_none(text: str) -> str:
    if not text.strip("\x00 \t\r\n" + _BOM):
        return "The file is empty. Nothing was taken from it; ask the sender to send it again."
    sample = text[:4096]
    if sum((c < " " and c not in "\t\r\n") or "\x7f" <= c < "\xa0" for c in sample) > len(sample) // 20:
        return "The file is not text and holds no X12 interchange. Its bytes were kept; ask the sender what it is."
    if "ISA" in sample:
        return "The file has an ISA whose 16 elements cannot be read. Its bytes were kept; ask for it again."
    return "The file has no ISA segment, so it is not X12. Its bytes were kept; ask the sender what it is."


def _junk_note(text: str, where: str) -> list[str]:
    length = len(text.strip("\x00\x1a \t\r\n"))
    return [f"{length} characters {where} were ignored."] if length else []


def _next_isa(text: str, padded: list[int], start: int) -> int | None:
    """Where the next ISA begins; `padded` are the places of all that have their fixed widths."""
    limit = _first_from(padded, start, len(text))
    for match in _UNPADDED.finditer(text, start, limit):
        if _header(text, match.start()) is not None:
            return match.start()
    return limit if limit < len(text) else None


def _first_from(places: list[int], start: int, otherwise: int) -> int:
    index = bisect_left(places, start)
    return places[index] if index < len(places) else otherwise


def _header(text: str, start: int) -> tuple[Delimiters, int] | None:
    """The delimiters and the end of the ISA, padded or not; None when its 16 elements are not there."""
    separator, at = text[start + 3 : start + 4], start + 3
    for _ in range(15):
        at = text.find(separator, at + 1, start + _LONGEST_ISA)
        if at < 0:
            return None
    header = text[start:at]
    if at + 2 >= len(text) or (separator != "\n" and "\n" in header.rstrip("\n")):
        return None
    component, terminator = text[at + 1], text[at + 2]
    if component == separator or terminator == separator:
        return None
    fields = header.split(separator)
    repetition = fields[11].strip() if fields[12] >= "00402" and not fields[11].strip().isalnum() else ""
    return Delimiters(separator, component, terminator, repetition), at + 3


def _cut(text: str, padded: list[int], start: int) -> RawInterchange:
    header = _header(text, start)
    if header is None:
        raise NoInterchange(_why_none(text[start:]))
    delimiters, _ = header
    raw = RawInterchange(delimiters, start)
    limit = _first_from(padded, start + 1, len(text))
    raw.end = limit
    empty = lower = 0
    for begin, end in _spans(text, start, limit, delimiters.segment):
        while begin < end and text[begin] in " \t\r\n\x00\x1a" and text[begin] != delimiters.element:
            begin += 1
        if begin == end:
            empty += text[end : end + 1] == delimiters.segment and delimiters.segment not in "\r\n"
            continue
        if raw.segments and text.startswith("ISA" + delimiters.element, begin):
            raw.end = begin
            raw.cut_off = True
            break
        segment = _segment(text, begin, end, delimiters, len(raw.segments) + 1)
        if end - begin > LONGEST_SEGMENT and raw.oversized is None:
            raw.oversized = segment
        lower += segment.id != segment.id.upper()
        segment.elements[0] = segment.id.upper()
        raw.segments.append(segment)
        if segment.id == "IEA":
            raw.end = min(end + 1, limit)
            break
    else:
        raw.cut_off = True
    if empty:
        raw.notes.append(f"{empty} empty segments were skipped.")
    if lower:
        raw.notes.append(f"{lower} segment ids in lower case were read as upper case.")
    return raw


def _spans(text: str, start: int, limit: int, terminator: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each segment; the last may lack its terminator."""
    while start < limit:
        end = text.find(terminator, start, limit)
        if end < 0:
            yield start, limit
            return
        yield start, end
        start = end + 1


def _segment(text: str, begin: int, end: int, delimiters: Delimiters, position: int) -> Segment:
    if end - begin > LONGEST_SEGMENT:
        name = text[begin : begin + 3].partition(delimiters.element)[0]
        return Segment([name], begin, position)
    body = text[begin:end].rstrip("\r\n\x00\x1a")
    if position == 1:
        head, _, _ = body.rpartition(delimiters.element)
        return Segment([*head.split(delimiters.element), delimiters.component], begin, position)
    elements = body.split(delimiters.element)
    while len(elements) > 1 and not elements[-1]:
        elements.pop()
    elements[0] = elements[0].strip()
    return Segment(elements, begin, position)
