"""Damaged interchanges never break the engine, lose a set, or make us send a 997 that is wrong itself."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

from edi.documents.po850 import read_850
from edi.x12.acks import group_verdict, render_997, render_ta1
from edi.x12.envelope import Group, read_interchange
from edi.x12.errors import MappingError, NoInterchange
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set
from edi.x12.writer import OutSet, render_interchange
from tests.edi.x12.test_writer import envelope
from tests.edi.x12.texts import BODY_850, group, interchange, set_of, tset

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "850"
MUTANTS = 400
SEGMENTS = (
    "",
    "ST*850*0009",
    "SE*4*0001",
    "GE*1*1",
    "IEA*1*000000001",
    "N4*X",
    "REF*DP**X>Y>Z>1>2>3>4",
    "HL*1**S",
    "LS*1",
)


def mutate(text: str, chance: random.Random) -> str:
    """One to four random changes of characters, elements or segments."""
    for _ in range(chance.randint(1, 4)):
        kind, at = chance.randrange(6), chance.randrange(len(text))
        rows = text.split("~")
        row = chance.randrange(len(rows))
        if kind == 0:
            text = text[:at] + text[at + chance.randint(1, 30) :]
        elif kind == 1:
            text = text[:at] + chance.choice("*~>^ \x00é9A.-\n") * chance.randint(1, 12) + text[at:]
        elif kind == 2:
            text = "~".join([*rows[:row], *rows[row + 1 :]])
        elif kind == 3:
            text = "~".join([*rows[:row], rows[row], *rows[row:]])
        elif kind == 4:
            text = "~".join([*rows[:row], chance.choice(SEGMENTS), *rows[row:]])
        else:
            text = text[:at]
        text = text or "ISA"
    return text


def assert_answerable(received: Group) -> None:
    """Every set has a verdict, and our 997 passes our own map."""
    verdicts = [validate_set(s) for s in received.sets]
    assert [v.failure for v in verdicts] == [""] * len(verdicts)
    for one, verdict in zip(received.sets, verdicts, strict=True):
        if verdict.accepted and one.st01 == "850":
            with contextlib.suppress(MappingError):
                assert read_850(one, account="D-1").order.lines
    if received.functional_id == "FA":
        return
    counted = group_verdict(received, verdicts)
    assert counted.accepted <= counted.received == len(received.sets)
    body = render_997(received, verdicts)
    out = envelope(functional_id="FA", version=received.release or "004010")
    answer = set_of(render_interchange(out, [OutSet("997", "0001", body)]).decode("latin-1"))
    assert validate_set(answer).sentences == [], body


def test_damaged_interchanges_are_always_answered() -> None:
    chance = random.Random(20261123)
    texts = [path.read_bytes().decode("latin-1").replace("\r", "").replace("\n", "") for path in SAMPLES.glob("*.edi")]
    texts.append(interchange(group(tset(), tset(*BODY_850[:9], number="0002")), group(tset(), number="2")))
    texts.sort()
    unreadable = read = 0
    for _ in range(MUTANTS):
        text = mutate(chance.choice(texts), chance)
        try:
            found = [read_interchange(raw) for raw in split_interchanges(text.encode("latin-1"))]
        except NoInterchange:
            unreadable += 1
            continue
        read += 1
        for one in found:
            assert len(render_ta1(one)) == 6
            for received in one.groups:
                assert_answerable(received)
    assert unreadable + read == MUTANTS
    assert read > MUTANTS // 2
