"""Takes the line breaks out of files that were wrapped at 80 columns, as mainframes and mail gateways do."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass

COLUMNS = 80
_FULL_LINE = re.compile(rb"^([^\r\n]{%d})(\r?\n)" % COLUMNS, re.M)


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The bytes without the breaks of full lines; `places` are where, in them, the breaks stood."""

    content: bytes
    places: array[int]
    breaks: array[int]

    def offset(self, at: int) -> int:
        """The offset in the file as it came of byte `at` of the unwrapped bytes."""
        index = bisect_right(self.places, at)
        return at + (self.breaks[index - 1] if index else 0)


def unwrap(content: bytes) -> Unwrapped:
    """The content with each line of exactly 80 columns joined to the next; other lines keep their breaks."""
    pieces: list[bytes] = []
    places, breaks = array("Q"), array("Q")
    start = removed = 0
    for match in _FULL_LINE.finditer(content):
        pieces.append(content[start : match.start(2)])
        start = match.end()
        removed += match.end() - match.start(2)
        places.append(start - removed)
        breaks.append(removed)
    pieces.append(content[start:])
    return Unwrapped(b"".join(pieces), places, breaks)
