"""Reads interchanges of any size one set at a time, in flat memory, and can go on where it was stopped.

    with open(path, "rb") as file:
        source = FileSource(file)
        verdicts = survey(source)            # first pass: every envelope judged, no set kept
        for event in stream_interchanges(source, resume_at=last_done):
            match event:
                case InterchangeBegun(interchange): ...   # who sends to whom
                case GroupBegun(group): ...
                case SetRead(tset): validate_set(tset)    # tset.offset: remember it once the set is stored
                case GroupEnded(group): ...               # group.findings and group.received are complete
                case InterchangeEnded(interchange): ...   # interchange.findings and .used are complete

Trailers come last, so whether an interchange or a group is refused is known only at its end: `survey` first where
nothing of a refused one may be taken.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from edi.x12.envelope import EnvelopeReader
from edi.x12.segments import Segment
from edi.x12.source import FileSource, Source
from edi.x12.structure import Group, Interchange, TransactionSet
from edi.x12.tokens import Opened, open_source

__all__ = [
    "Event",
    "FileSource",
    "GroupBegun",
    "GroupEnded",
    "InterchangeBegun",
    "InterchangeEnded",
    "SetRead",
    "Source",
    "stream_interchanges",
    "survey",
]


@dataclass(frozen=True, slots=True)
class InterchangeBegun:
    """An ISA was read: identities, test flag and the findings of the header are there; `groups` stays empty."""

    interchange: Interchange


@dataclass(frozen=True, slots=True)
class GroupBegun:
    """A GS was read; `sets` stays empty."""

    group: Group


@dataclass(frozen=True, slots=True)
class SetRead:
    """One whole set with its envelope findings, ready to be validated; `tset.offset` is the first byte of its ST."""

    tset: TransactionSet


@dataclass(frozen=True, slots=True)
class GroupEnded:
    """The group came to its end: `findings`, `received` and `declared_sets` are complete."""

    group: Group


@dataclass(frozen=True, slots=True)
class InterchangeEnded:
    """The interchange came to its end: `findings`, `used` and `end` are complete."""

    interchange: Interchange


Event = InterchangeBegun | GroupBegun | SetRead | GroupEnded | InterchangeEnded


def stream_interchanges(source: Source, *, start: int | None = None, resume_at: int = 0) -> Iterator[Event]:
    """Every interchange of a source as events, in order, with the same findings as `read_interchange` gives.

    `start` is the offset of the ISA to begin with, where the caller knows it. Sets that begin before `resume_at` are
    counted and judged as part of their envelopes but not given again; all other events are. An interchange that is cut
    off by a segment longer than any may be ends without its `GroupEnded`. Raises NoInterchange as `split_interchanges`.
    """
    opened = open_source(source)
    at: int | None = opened.first if start is None else start
    while at is not None:
        at = yield from _one(opened, at, resume_at)


def survey(source: Source) -> list[Interchange]:
    """Every interchange with its groups judged to the end, and none of its sets: what a first pass is for.

    Raises NoInterchange as `split_interchanges`.
    """
    found: list[Interchange] = []
    for event in stream_interchanges(source):
        match event:
            case InterchangeBegun(interchange):
                found.append(interchange)
            case GroupBegun(group):
                found[-1].groups.append(group)
    return found


def _one(opened: Opened, start: int, resume_at: int) -> Generator[Event, None, int | None]:
    """The events of one interchange; returns the offset of the next."""
    cutter = opened.cutter(start)
    batches = cutter.batches()
    isa = next(batches)[0]
    reader = EnvelopeReader(isa, cutter.delimiters, cutter.oddities)
    yield InterchangeBegun(reader.interchange)
    for batch in batches:
        if cutter.oversized is None:
            yield from _events(reader, batch, resume_at)
            reader.forget()
    group = reader.group
    used, following = opened.close(cutter)
    end = opened.offset(cutter.end)
    for tset in reader.finish(used, end=end, cut_off=cutter.cut_off, oversized=cutter.oversized):
        if tset.offset >= resume_at:
            yield SetRead(tset)
    if group is not None and cutter.oversized is None:
        yield GroupEnded(group)
    yield InterchangeEnded(reader.interchange)
    return following


def _events(reader: EnvelopeReader, batch: list[Segment], resume_at: int) -> Iterator[Event]:
    """The events of some segments; a group has ended when another begins or none is open any more."""
    group = reader.group
    for one in reader.feed(batch):
        if isinstance(one, TransactionSet):
            if one.offset >= resume_at:
                yield SetRead(one)
            continue
        if group is not None:
            yield GroupEnded(group)
        group = one
        yield GroupBegun(one)
    if group is not None and reader.group is None:
        yield GroupEnded(group)
