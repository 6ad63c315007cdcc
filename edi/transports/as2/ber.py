"""Just enough BER (X.690) to find one big octet string in a CMS object without copying what is around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from distportal.systems.sftp.base import CHUNK
from edi.transports.arriving import Bytes

SEQUENCE, SET, CONTEXT_0 = 0x30, 0x31, 0xA0
_CONSTRUCTED = 0x20
_MOST_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its first tag octet, where it begins, where its content begins and ends, and what comes after it."""

    tag: int
    begin: int
    start: int
    stop: int
    after: int


def element_at(data: Bytes, at: int, *, depth: int = 0) -> Element:
    """The element at an offset. Raises ValueError for one that is cut off or nested too deep."""
    if depth > _MOST_DEPTH:
        raise ValueError("nested too deep")
    try:
        tag, first = data[at], data[at + 1]
        if tag & 0x1F == 0x1F:
            raise ValueError("a tag of many octets has no place here")
        start = at + 2
        if first == 0x80:
            stop = _end_of_contents(data, start, depth)
            return Element(tag, at, start, stop, stop + 2)
        if first > 0x80:
            count = first - 0x80
            first = int.from_bytes(bytes(data[start : start + count]), "big")
            start += count
    except IndexError as error:
        raise ValueError("cut off") from error
    if start + first > len(data):
        raise ValueError("cut off")
    return Element(tag, at, start, start + first, start + first)


def children(data: Bytes, parent: Element, *, depth: int = 0) -> Iterator[Element]:
    """The elements inside a constructed one, in order. Raises ValueError."""
    at = parent.start
    while at < parent.stop:
        child = element_at(data, at, depth=depth + 1)
        if child.after > parent.stop:
            raise ValueError("an element is longer than what holds it")
        yield child
        at = child.after


def child(data: Bytes, parent: Element, *tags: int) -> Element:
    """The first child with one of the tags. Raises ValueError without one."""
    for found in children(data, parent):
        if found.tag in tags:
            return found
    raise ValueError(f"no element {' or '.join(f'{tag:#x}' for tag in tags)}")


def octets(data: Bytes, string: Element, *, depth: int = 0) -> Iterator[Bytes]:
    """The content of an octet string in pieces, whether it is written in one or in many."""
    if string.tag & _CONSTRUCTED:
        for part in children(data, string, depth=depth):
            yield from octets(data, part, depth=depth + 1)
        return
    for at in range(string.start, string.stop, CHUNK):
        yield data[at : min(at + CHUNK, string.stop)]


def raw(data: Bytes, element: Element) -> bytes:
    """The element as it stands, to be parsed elsewhere."""
    return bytes(data[element.begin : element.after])


def _end_of_contents(data: Bytes, at: int, depth: int) -> int:
    while bytes(data[at : at + 2]) != b"\x00\x00":
        at = element_at(data, at, depth=depth + 1).after
    return at
