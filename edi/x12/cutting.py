"""Cuts one interchange into segments, window by window, so that its size never matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count
from operator import itemgetter

from edi.x12.header import LONGEST_ISA, first_padded, read_header
from edi.x12.leniency import Leniency, Oddity
from edi.x12.segments import Delimiters, Elements, Segment
from edi.x12.source import WINDOW, Source

LONGEST_SEGMENT = 64 * 1024
"""A longer segment is damage, not data: it is never split, and refuses its interchange."""

_FIRST_WINDOW = 4 * 1024
_LARGEST_WINDOW = 32 * 1024
_LINE_ENDS = "\r\n\x00\x1a"
_id = itemgetter(0)


@dataclass(slots=True)
class Cutter:
    """Cuts the interchange whose ISA stands at `start`; when `batches` has ended, the fields say how it ended.

    `end` is the offset after it, `cut_off` that no IEA came, `oddities` the segments that a leniency was needed for.
    """

    source: Source
    start: int
    place: Callable[[int], int] | None = None
    delimiters: Delimiters = field(init=False)
    end: int = 0
    cut_off: bool = False
    oversized: Segment | None = None
    oddities: list[Oddity] = field(default_factory=list)
    counts: dict[Leniency, int] = field(default_factory=dict)
    _position: int = 0
    _body: int = 0
    _header: str = ""

    def __post_init__(self) -> None:
        window = self.source[self.start : self.start + LONGEST_ISA + 2]
        header = read_header(window, 0)
        if header is None:
            raise ValueError("there is no ISA at this offset")
        self.delimiters, self._body = header[0], self.start + header[1]
        self._header = window[: header[1] - 2].decode("latin-1")
        inside = first_padded(window, 1, header[1])
        if inside >= 0:
            self.end, self.cut_off = self.start + inside, True

    def batches(self) -> Iterator[list[Segment]]:
        """The segments in order, some at a time; a window that holds nothing unusual is cut without a look at each."""
        self._position = 1
        elements = [*self._header.split(self.delimiters.element)[:-1], self.delimiters.component]
        yield [Segment(elements, self._offset(self.start), 1)]
        at, size = self._body, _FIRST_WINDOW
        while not self.end:
            window, last = self._window(at, size)
            if window is None:
                at = self._skip(at)
                continue
            text = window.decode("latin-1")
            found = self._cut_plain(text, at) if self.place is None else None
            batch = self._cut_odd(text, at) if found is None else found
            if batch:
                yield batch
            at += len(window)
            if last and not self.end:
                self.end, self.cut_off = at, True
            size = min(size * 2, _LARGEST_WINDOW)

    def _window(self, at: int, size: int) -> tuple[bytes | None, bool]:
        """Whole segments from `at` on, and whether nothing follows; None when one segment is longer than any may be."""
        while True:
            window = self.source[at : at + size + LONGEST_ISA]
            other = first_padded(window, 0, size)
            if other >= 0:
                return window[:other], True
            if at + len(window) >= len(self.source) and len(window) <= size:
                return window, True
            stop = window.rfind(self.delimiters.segment.encode("latin-1"), 0, size) + 1
            if stop:
                return window[:stop], False
            if size > LONGEST_SEGMENT:
                return None, False
            size *= 2

    def _skip(self, at: int) -> int:
        """The offset after the endless segment at `at`; it is noted, and never held in memory."""
        terminator = self.delimiters.segment.encode("latin-1")
        self._oversize(self.source[at : at + 100].decode("latin-1"), at)
        while at < len(self.source):
            window = self.source[at : at + WINDOW + LONGEST_ISA]
            other, stop = first_padded(window, 0, WINDOW), window.find(terminator, 0, WINDOW) + 1
            if other >= 0 and (not stop or other < stop):
                self.end, self.cut_off = at + other, True
                return self.end
            if stop:
                return at + stop
            at += WINDOW
        self.end, self.cut_off = len(self.source), True
        return self.end

    def _oversize(self, text: str, begin: int) -> None:
        self._position += 1
        name = text.lstrip(" \t\r\n\x00\x1a")[:3].partition(self.delimiters.element)[0]
        self.oversized = self.oversized or Segment([name], self._offset(begin), self._position)

    def _offset(self, at: int) -> int:
        return self.place(at) if self.place else at

    def _cut_plain(self, text: str, at: int) -> list[Segment] | None:
        """The segments of a window in which nothing has to be looked at twice; None for any other window."""
        terminator, separator = self.delimiters.segment, self.delimiters.element
        ending = _line_end(text, terminator)
        if ending is None or not text.endswith(terminator):
            return None
        rows = text[len(ending) : -1].split(terminator + ending)
        lists = [row.split(separator) for row in rows]
        names = list(map(_id, lists))
        if not all(map(_is_plain, set(names))) or not all(map(_ends, lists)):
            return None
        lengths = list(map(len, rows))
        if max(lengths) > LONGEST_SEGMENT:
            return None
        step = len(ending) + 1
        if "IEA" in names:
            last = names.index("IEA") + 1
            del lists[last:]
            self.end = at + sum(lengths[:last]) + last * step
        if ending:
            self._count(Leniency.LINE_BREAKS, len(lists))
        offsets = accumulate((length + step for length in lengths), initial=at + len(ending))
        first = self._position + 1
        self._position += len(lists)
        return list(map(Segment, lists, offsets, count(first)))

    def _cut_odd(self, text: str, at: int) -> list[Segment]:
        """The segments of a window, each looked at by itself."""
        terminator = self.delimiters.segment
        found: list[Segment] = []
        begin, length = 0, len(text)
        while begin < length:
            end = text.find(terminator, begin)
            end = length if end < 0 else end
            if not self._row(text[begin:end], at + begin, found, ended=end < length):
                break
            begin = end + 1
        return found

    def _row(self, row: str, at: int, found: list[Segment], *, ended: bool) -> bool:
        """One segment more in `found`, or none where the row is empty; False when the interchange ended with it."""
        separator = self.delimiters.element
        body = row.lstrip(" \t\r\n\x00\x1a".replace(separator, ""))
        at += len(row) - len(body)
        self._note_blanks(row[: len(row) - len(body)], empty=not body, ended=ended)
        if not body:
            return True
        if body.startswith("ISA" + separator):
            self.end, self.cut_off = at, True
            return False
        if len(body) > LONGEST_SEGMENT:
            self._oversize(body[:100], at)
            return True
        self._position += 1
        whole = body.rstrip(_LINE_ENDS)
        if "\r" in body[len(whole) :] or "\n" in body[len(whole) :]:
            self._count(Leniency.LINE_BREAKS)
        segment = Segment(self._elements(whole), self._offset(at), self._position)
        found.append(segment)
        if segment.id == "IEA":
            self.end = at + len(body) + ended
        return not self.end

    def _elements(self, body: str) -> Elements:
        separator = self.delimiters.element
        elements = body.split(separator)
        if len(elements) > 1 and not elements[-1]:
            while len(elements) > 1 and not elements[-1]:
                elements.pop()
            self._odd(Leniency.TRAILING_SEPARATORS, len(elements))
        name = elements[0].strip()
        if name != elements[0]:
            self._odd(Leniency.EXTRA_BLANKS)
        elements[0] = name.upper()
        if name != elements[0]:
            self._odd(Leniency.LOWER_CASE_IDS)
        return elements

    def _note_blanks(self, blanks: str, *, empty: bool, ended: bool) -> None:
        if "\n" in blanks or "\r" in blanks:
            self._count(Leniency.LINE_BREAKS)
        if not empty and (" " in blanks or "\t" in blanks):
            self._odd(Leniency.EXTRA_BLANKS, position=self._position + 1)
        if empty and ended:
            self._count(Leniency.EMPTY_SEGMENTS)

    def _odd(self, name: Leniency, element: int = 0, position: int = 0) -> None:
        self._count(name)
        self.oddities.append(Oddity(name, position or self._position, element))

    def _count(self, name: Leniency, times: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + times


def _is_plain(name: str) -> bool:
    return name.isalnum() and name.isascii() and name.upper() == name and name != "ISA"


def _ends(elements: Elements) -> bool:
    return bool(elements[-1])


def _line_end(text: str, terminator: str) -> str | None:
    """What stands before each segment of a window: nothing, or always the same line break; None when it varies."""
    if not any(c in text for c in _LINE_ENDS if c != terminator):
        return ""
    ending = "\r\n" if text.startswith("\r\n") else "\n"
    rows = text.count(terminator)
    same = text.startswith(ending) and text.count(terminator + ending) == rows - 1 and terminator not in _LINE_ENDS
    plain = text.count("\n") == rows and text.count("\r") == rows * (len(ending) - 1)
    return ending if same and plain and "\x00" not in text and "\x1a" not in text else None
