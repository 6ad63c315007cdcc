"""Finds the ISA of each interchange and reads its delimiters by position."""

from __future__ import annotations

import re

from edi.x12.segments import Delimiters
from edi.x12.source import WINDOW, Source

LONGEST_ISA = 300
_PADDED = re.compile(
    rb"ISA([^A-Za-z0-9 \r\n])..\1.{10}\1..\1.{10}\1..\1.{15}\1..\1.{15}\1.{6}\1.{4}\1.\1.{5}\1.{9}\1.\1.\1..", re.S
)
_UNPADDED = re.compile(rb"ISA(?=[^A-Za-z0-9 \r\n])")


def first_padded(window: bytes, start: int, stop: int) -> int:
    """Where in the window, from `start` and before `stop`, an ISA in its fixed widths begins; -1 when none does."""
    match = _PADDED.search(window, start)
    return match.start() if match and match.start() < stop else -1


def next_isa(source: Source, start: int) -> int | None:
    """The offset of the first readable ISA from `start` on, padded or not; None when no more comes."""
    end = len(source)
    while start < end:
        window = source[start : start + WINDOW + LONGEST_ISA]
        for match in _UNPADDED.finditer(window):
            at = match.start()
            if at < WINDOW and read_header(window, at) is not None:
                return start + at
        start += WINDOW
    return None


def read_header(window: bytes, start: int) -> tuple[Delimiters, int] | None:
    """The delimiters and the length of the ISA at `start`, padded or not; None when its 16 elements are not there."""
    text = window[start : start + LONGEST_ISA + 2].decode("latin-1")
    separator, at = text[3:4], 3
    for _ in range(15):
        at = text.find(separator, at + 1, LONGEST_ISA)
        if at < 0:
            return None
    header = text[:at]
    if at + 2 >= len(text) or (separator != "\n" and "\n" in header.rstrip("\n")):
        return None
    component, terminator = text[at + 1], text[at + 2]
    if component == separator or terminator == separator:
        return None
    fields = header.split(separator)
    repetition = fields[11].strip() if fields[12] >= "00402" and not fields[11].strip().isalnum() else ""
    return Delimiters(separator, component, terminator, repetition), at + 3
