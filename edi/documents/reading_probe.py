"""Measures what a reader of documents looks at, by handing it segments that note every look."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, cast

from edi.documents.registry import DocumentKind
from edi.x12.errors import MappingError
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, Segment

_ENVELOPE = frozenset({"ST", "SE"})


class _Watched:
    """Stands for a segment; an element counts as read once somebody asked for its value."""

    __slots__ = ("_segment", "looks")

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self.looks: set[int] = set()

    @property
    def id(self) -> str:
        return self._segment.id

    @property
    def offset(self) -> int:
        return self._segment.offset

    @property
    def position(self) -> int:
        return self._segment.position

    @property
    def elements(self) -> Elements:
        self.looks.update(range(1, len(self._segment.elements)))
        return self._segment.elements

    def get(self, number: int) -> str:
        self.looks.add(number)
        return self._segment.get(number)


def reader_of(kind: DocumentKind) -> Callable[..., Any] | None:
    """The function that reads documents of this kind, if there is one."""
    if not kind.reader:
        return None
    module, _, name = kind.reader.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def unread_parts(tset: TransactionSet, read: Callable[..., Any]) -> tuple[Counter[str], list[str]]:
    """What of the set nobody looked at: segment or element (`SAC`, `PO108`) -> how often it held a value, and the
    problems that the reader found.
    """
    watched = [_Watched(segment) for segment in tset.segments]
    problems: list[str] = []
    try:
        read(replace(tset, segments=cast("list[Segment]", watched)), **_given(read))
    except MappingError as error:
        problems = [str(problem) for problem in error.problems]
    return _unread(tset.segments, watched), problems


def _given(read: Callable[..., Any]) -> Mapping[str, Any]:
    """A reader that has to know whose document it is is told something; what it answers is not used."""
    wanted = inspect.signature(read).parameters
    return {name: "PROFILE" for name, p in wanted.items() if p.default is p.empty and p.kind is p.KEYWORD_ONLY}


def _unread(segments: Sequence[Segment], watched: Sequence[_Watched]) -> Counter[str]:
    used = {segment.id for segment, seen in zip(segments, watched, strict=True) if seen.looks}
    found: Counter[str] = Counter()
    for segment, seen in zip(segments, watched, strict=True):
        if segment.id in _ENVELOPE:
            continue
        if segment.id not in used:
            found[segment.id] += 1
            continue
        for at, value in enumerate(segment.elements[1:], 1):
            if value.strip() and at not in seen.looks:
                found[f"{segment.id}{at:02d}"] += 1
    return found
