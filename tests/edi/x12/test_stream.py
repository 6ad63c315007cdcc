"""Streaming finds exactly what reading in memory finds, in flat memory, and goes on where it was stopped."""

from __future__ import annotations

import mmap
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from edi.x12.envelope import read_interchange
from edi.x12.errors import NoInterchange
from edi.x12.stream import (
    FileSource,
    GroupBegun,
    GroupEnded,
    InterchangeBegun,
    InterchangeEnded,
    SetRead,
    Source,
    stream_interchanges,
    survey,
)
from edi.x12.structure import Group, Interchange
from edi.x12.tokens import split_interchanges
from tests.edi.x12.test_fuzz import mutate
from tests.edi.x12.texts import file_850, group, interchange, tset

SAMPLES = sorted((Path(__file__).resolve().parent.parent / "samples").rglob("*.edi"))
MANY = interchange(
    *(group(*(tset(number=f"{n:04d}") for n in range(1, 40)), number=f"{g}") for g in range(1, 6)), number="000000007"
)


def header(one: Interchange) -> tuple[Any, ...]:
    found = [(f.code, f.text) for f in one.findings]
    return (one.sender, one.control_number, one.offset, one.end, found, one.used, one.oddities, one.ta1s)


def trailer(one: Group) -> tuple[Any, ...]:
    return (one.control_number, one.version, one.declared_sets, one.received, [(f.code, f.text) for f in one.findings])


def in_memory(content: bytes) -> list[Any]:
    found: list[Any] = []
    for raw in split_interchanges(content):
        one = read_interchange(raw)
        groups = [(trailer(g), g.sets) for g in one.groups] if raw.oversized is None else []
        found.append((header(one), groups))
    return found


def streamed(source: Source) -> list[Any]:
    found: list[Any] = []
    groups: list[Any] = []
    sets: list[Any] = []
    cut = False
    for event in stream_interchanges(source):
        match event:
            case InterchangeBegun():
                groups = []
            case GroupBegun():
                sets = []
            case SetRead(one):
                sets.append(one)
            case GroupEnded(received):
                groups.append((trailer(received), sets))
            case InterchangeEnded(one):
                cut = any("longer than any segment" in f.text for f in one.findings)
                found.append((header(one), [] if cut else groups))
    return found


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_both_ways_find_the_same_in_every_sample(path: Path) -> None:
    content = path.read_bytes()
    try:
        expected = in_memory(content)
    except NoInterchange as error:
        with pytest.raises(NoInterchange, match=str(error)[:20]):
            streamed(content)
        return
    with path.open("rb") as file:
        assert streamed(content) == streamed(FileSource(file)) == expected
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert streamed(mapped) == expected


def test_both_ways_find_the_same_in_damaged_files() -> None:
    chance = random.Random(20261124)
    texts = [p.read_bytes().decode("latin-1") for p in SAMPLES if p.stat().st_size]
    texts += [MANY, MANY.replace("~", "~\r\n"), file_850() * 3, MANY.replace("PID*F*08", "PID*F*08*" + "X" * 70_000)]
    read = 0
    for _ in range(300):
        content = mutate(chance.choice(texts), chance).encode("latin-1")
        try:
            expected = in_memory(content)
        except NoInterchange:
            with pytest.raises(NoInterchange):
                streamed(content)
            continue
        read += 1
        assert streamed(content) == expected, content[:500]
    assert read > 200


def test_the_sets_are_cut_the_same_across_windows() -> None:
    for text in (MANY, MANY.replace("~", "~\n"), MANY.replace("~N4", "*****~N4"), MANY.replace("~PID", "~ pid")):
        assert streamed(text.encode()) == in_memory(text.encode())
        assert [len(g[1]) for g in in_memory(text.encode())[0][1]] == [39] * 5


def test_reading_resumes_at_the_set_it_stopped_before() -> None:
    content = (file_850() + MANY.replace("GE*39*3", "GE*38*3")).encode()
    every = list(stream_interchanges(content))
    sets = [e.tset for e in every if isinstance(e, SetRead)]
    assert len(sets) == 1 + 39 * 5
    for at in (0, 1, 57, len(sets) - 1):
        again = list(stream_interchanges(content, resume_at=sets[at].offset))
        assert [e.tset for e in again if isinstance(e, SetRead)] == sets[at:]
        assert [e for e in again if not isinstance(e, SetRead)] == [e for e in every if not isinstance(e, SetRead)]
    second = [e.interchange.offset for e in every if isinstance(e, InterchangeBegun)][1]
    later = list(stream_interchanges(content, start=second))
    assert [e.tset for e in later if isinstance(e, SetRead)] == sets[1:]


def test_offsets_point_at_the_st_of_each_set() -> None:
    content = b"\xef\xbb\xbf" + MANY.replace("~", "~\r\n").encode()
    for event in stream_interchanges(content):
        if isinstance(event, SetRead):
            assert content[event.tset.offset :].startswith(b"ST*850*" + event.tset.st02.encode())


def test_a_survey_tells_every_verdict_and_keeps_no_set() -> None:
    content = (MANY.replace("GE*39*3", "GE*38*3").replace("IEA*5", "IEA*4") + file_850()).encode()
    one, two = survey(content)
    assert (one.ta1_code, two.ta1_code) == ("021", "000")
    assert [[f.code for f in g.findings] for g in one.groups] == [[], [], ["5"], [], []]
    assert [(g.received, g.sets) for g in one.groups] == [(39, [])] * 5


def test_a_large_interchange_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "large.edi"
    with path.open("wb") as file:
        head, _, tail = interchange(group("@")).partition("@")
        file.write(head.encode())
        for n in range(20_000):
            file.write(tset(number=f"{n:06d}").encode())
        file.write(tail.replace("GE*1*", "GE*20000*").encode())
    with path.open("rb") as file:
        source = FileSource(file)
        assert len(source) > 4_000_000
        tracemalloc.start()
        count = sum(isinstance(event, SetRead) for event in stream_interchanges(source))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 8_000_000
