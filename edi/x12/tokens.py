"""Bytes to segments: finds the interchanges of a file and cuts them by their own delimiters."""

from __future__ import annotations

from dataclasses import dataclass, field

from edi.x12.cutting import LONGEST_SEGMENT, Cutter
from edi.x12.errors import NoInterchange
from edi.x12.header import next_isa
from edi.x12.leniency import Leniency, Oddity, Tolerance
from edi.x12.segments import COMPONENT, Delimiters, Elements, Segment
from edi.x12.source import WINDOW, Source
from edi.x12.wrapping import COLUMNS, Unwrapped, unwrap

__all__ = [
    "COMPONENT",
    "LONGEST_SEGMENT",
    "Delimiters",
    "Elements",
    "Opened",
    "RawInterchange",
    "Segment",
    "open_source",
    "split_interchanges",
]

_BOM = b"\xef\xbb\xbf"
_BLANK = b"\x00\x1a \t\r\n"
_SENTENCES = {
    Leniency.EMPTY_SEGMENTS: "{} empty segments were skipped.",
    Leniency.LOWER_CASE_IDS: "{} segment ids in lower case were read as upper case.",
    Leniency.EXTRA_BLANKS: "Blanks around {} segment ids were ignored.",
    Leniency.TRAILING_SEPARATORS: "Element separators at the end of {} segments were ignored.",
    Leniency.LINE_BREAKS: "Line breaks between {} segments were ignored.",
}
_CODES = {Leniency.LINE_BREAKS: "022", Leniency.EMPTY_SEGMENTS: "024"}
"""TA105 of what concerns the interchange; the others are judged where they stand."""


@dataclass(slots=True)
class RawInterchange:
    """One ISA to IEA, cut but not judged: `content[offset:end]` are its bytes. `cut_off` says that no IEA came."""

    delimiters: Delimiters
    offset: int
    end: int = 0
    segments: list[Segment] = field(default_factory=list)
    used: list[Tolerance] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    cut_off: bool = False
    oversized: Segment | None = None


@dataclass(slots=True)
class Opened:
    """A source with an interchange in it: `first` is where the first ISA stands. Made by `open_source`."""

    source: Source
    first: int
    before: list[Tolerance]
    wrapped: Unwrapped | None = None

    def cutter(self, start: int) -> Cutter:
        """Cuts the interchange at `start`; give it to `close` when its batches have ended."""
        return Cutter(self.source, start, self.wrapped.offset if self.wrapped else None)

    def close(self, cutter: Cutter) -> tuple[list[Tolerance], int | None]:
        """What was tolerated in and around the interchange, and where the next one starts."""
        used, self.before = self.before, []
        following = next_isa(self.source, cutter.end)
        stop = len(self.source) if following is None else following
        used = used + _junk(self.source, cutter.end, stop, Leniency.TRAILING_GARBAGE)
        used += [Tolerance(name, _SENTENCES[name].format(n), _CODES.get(name, "")) for name, n in cutter.counts.items()]
        return used, following

    def offset(self, at: int) -> int:
        """The offset in the file as it came of an end in the source."""
        return self.wrapped.offset(at - 1) + 1 if self.wrapped else at


def open_source(source: Source) -> Opened:
    """The source, opened. Raises NoInterchange for nothing, for binary junk and for text without a readable ISA."""
    first, wrapped = next_isa(source, 0), None
    if first is None and b"ISA" in source[0:WINDOW]:
        wrapped = unwrap(source[0 : len(source)])
        source = wrapped.content
        first = next_isa(source, 0) if wrapped.places else None
    if first is None:
        raise NoInterchange(_why_none(source))
    before = []
    begin = len(_BOM) if source[0 : len(_BOM)] == _BOM else 0
    if begin:
        text = "A byte order mark before the ISA was ignored."
        before.append(Tolerance(Leniency.BYTE_ORDER_MARK, text, "022"))
    before += _junk(source, begin, first, Leniency.LEADING_GARBAGE)
    if wrapped:
        text = f"Lines of {COLUMNS} columns were joined."
        before.append(Tolerance(Leniency.WRAPPED_LINES, text, "022"))
    return Opened(source, first, before, wrapped)


def split_interchanges(content: Source) -> list[RawInterchange]:
    """Every interchange of a file, in order; what stood around them is told in `used`.

    Holds every segment in memory: for large files see `edi.x12.stream`. Raises NoInterchange for an empty file, for
    binary junk and for text without a readable ISA.
    """
    opened = open_source(content)
    found: list[RawInterchange] = []
    start: int | None = opened.first
    while start is not None:
        cutter = opened.cutter(start)
        segments = [segment for batch in cutter.batches() for segment in batch]
        used, following = opened.close(cutter)
        raw = RawInterchange(cutter.delimiters, segments[0].offset, opened.offset(cutter.end), segments, used)
        raw.oddities, raw.cut_off, raw.oversized = cutter.oddities, cutter.cut_off, cutter.oversized
        found.append(raw)
        start = following
    return found


def _why_none(source: Source) -> str:
    if not _text_length(source, 0, len(source), _BLANK + _BOM):
        return "The file is empty. Nothing was taken from it; ask the sender to send it again."
    sample = source[0:4096].decode("latin-1")
    if sum((c < " " and c not in "\t\r\n") or "\x7f" <= c < "\xa0" for c in sample) > len(sample) // 20:
        return "The file is not text and holds no X12 interchange. Its bytes were kept; ask the sender what it is."
    if "ISA" in sample:
        return "The file has an ISA whose 16 elements cannot be read. Its bytes were kept; ask for it again."
    return "The file has no ISA segment, so it is not X12. Its bytes were kept; ask the sender what it is."


def _junk(source: Source, start: int, stop: int, name: Leniency) -> list[Tolerance]:
    length = _text_length(source, start, stop, _BLANK)
    where = "before the ISA" if name is Leniency.LEADING_GARBAGE else "after the IEA"
    return [Tolerance(name, f"{length} characters {where} were ignored.", "024")] if length else []


def _text_length(source: Source, start: int, stop: int, blank: bytes) -> int:
    """How many characters stand between two offsets, without the blank ones at both ends."""
    while start < stop:
        window = source[start : min(start + WINDOW, stop)]
        text = window.lstrip(blank)
        start += len(window) - len(text)
        if text:
            break
    while start < stop:
        window = source[max(start, stop - WINDOW) : stop]
        text = window.rstrip(blank)
        stop -= len(window) - len(text)
        if text:
            break
    return stop - start
