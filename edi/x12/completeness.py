"""Whether a file that somebody may still be writing is whole."""

from __future__ import annotations

import re

WINDOW = 64 * 1024
"""Bytes of head and tail that are looked at."""
_ISA = re.compile(rb"(?<![A-Za-z0-9])ISA([^A-Za-z0-9 \r\n])", re.I)


def looks_cut_off(head: bytes, tail: bytes) -> bool:
    """Whether the file has an ISA and does not end with an IEA; what is no X12 is never cut off.

    `head` and `tail` are the first and last `WINDOW` bytes. Counts and numbers are not judged here: a whole file with
    wrong ones is refused by its TA1, it does not wait. Wrapped lines are tolerated.
    """
    start = _ISA.search(head)
    if start is None:
        return False
    flat = tail.replace(b"\r", b"").replace(b"\n", b"")
    # The newline may be the terminator itself, or may stand anywhere in a file that was wrapped.
    return _no_end(tail.rstrip(), start.group(1)) and _no_end(flat, start.group(1))


def _no_end(tail: bytes, separator: bytes) -> bool:
    element = re.escape(separator)
    ends = list(re.finditer(rb"(?<![A-Za-z0-9])IEA" + element + rb"\d{1,5}" + element + rb"(\d{0,9})", tail, re.I))
    if not ends:
        return True
    last = ends[-1]
    if re.search(rb"(?<![A-Za-z0-9])ISA" + element, tail[last.end() :], re.I):
        return True
    return len(last.group(1)) < 9 and last.end() == len(tail)
