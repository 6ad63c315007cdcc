"""The compiled maps: every map has its table, the samples of every set are proven, and what is not proven is walked."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import edi.x12.validate
from edi.x12.compiled.proof import prove_clean, table_of
from edi.x12.compiled.values import value_pattern
from edi.x12.envelope import read_interchange
from edi.x12.map_cache import load_map
from edi.x12.tokens import split_interchanges
from edi.x12.validate import validate_set
from tests.edi.x12.compiled.growing import EVERY_MAP
from tests.edi.x12.texts import BODY_850, file_850, group, interchange, set_of, tset, with_body

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("[0-9]*/*.edi"))


def no_walk(*args: Any, **options: Any) -> None:
    raise AssertionError("pyx12 was asked")


def test_every_map_that_exists_is_compiled_once() -> None:
    assert len(EVERY_MAP) >= 37
    for release, set_id in EVERY_MAP:
        table = table_of(release, set_id)
        assert table is not None, (release, set_id)
        assert table is table_of(release, set_id)
    with pytest.raises(OSError, match=r"999\.xml"):
        table_of("004010", "999")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_samples_never_meet_pyx12(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edi.x12.validate, "Walk", no_walk)
    for raw in split_interchanges(path.read_bytes()):
        for received in read_interchange(raw).groups:
            for one in received.sets:
                assert (validate_set(one).verdict, validate_set(one).failure) == ("A", "")


@pytest.mark.parametrize(
    "text",
    [
        with_body(BODY_850[0], "BEG*00*SA*PO-1001**20260229"),
        with_body(BODY_850[7], "PO1*1*12*EA*9.95*PE*UP"),
        with_body(BODY_850[1], "CUR*BY*USD~CUR*BY*USD"),
        with_body(BODY_850[9], "CTT*1~N1*ST*LATE"),
        with_body(BODY_850[3], "DTM*010****D8*20261301"),
        with_body(BODY_850[2], "REF*DP*099**A>B>C>D>E>F>G>H>I"),
        with_body(BODY_850[2], "REF*DP*0>99"),
        with_body(BODY_850[2], "REF*DP*099**DP\x1e1"),
        with_body(BODY_850[9], "LM*FD~LQ*0*1~LM*FD~CTT*1"),
        with_body(BODY_850[8], "PID*F*08***BOLT\x07"),
        with_body(BODY_850[8], "PID*F*08***BOLT\x1f"),
        with_body(BODY_850[5], "N3"),
        file_850(*BODY_850[:7], "CTT*0"),
    ],
)
def test_a_set_with_an_error_is_not_proven(text: str) -> None:
    one = set_of(text)
    assert prove_clean(one.segments, "004010", "850", one.delimiters) is None
    assert validate_set(one) == validate_set(one, proof=False)
    assert validate_set(one).verdict == "R"


def test_counts_inside_of_a_loop_start_again_with_it() -> None:
    rows = "CUR*BY*USD~LM*FD~LQ*0*1~PO1*2*1*EA*1*PE*UP*012345678905~CUR*BY*USD~LM*FD~LQ*0*1"
    one = set_of(with_body(BODY_850[8], rows))
    assert prove_clean(one.segments, "004010", "850", one.delimiters) == frozenset()


def test_a_set_with_a_wrong_trailer_is_walked_so_that_its_other_errors_are_told_too() -> None:
    rows = [*BODY_850[:7], "PO1*1*12*QQ*9.95*PE*UP*012345678905", *BODY_850[8:]]
    verdict = validate_set(set_of(interchange(group(tset(*rows, count=99)))))
    assert (verdict.codes, [e.segment for e in verdict.errors]) == (("4", "5"), ["PO1"])


def test_strange_delimiters_are_proven_or_walked_with_one_verdict() -> None:
    for old, new in (
        ("*", "\x1f"),
        ("*", "\x1d"),
        (">", "\x1f"),
        (">", "\x1e"),
        ("~", "\n"),
        ("~", "\x1c"),
        ("*", "^"),
    ):
        one = set_of(with_body(BODY_850[2], "REF*DP*099**DP>1").replace(old, new))
        assert validate_set(one) == validate_set(one, proof=False)
        assert validate_set(one).verdict == "A", (old, new)


def test_leap_days_are_known_without_a_calendar() -> None:
    import re

    node = load_map("004010", "850").getnodebypath("/ISA_LOOP/GS_LOOP/ST_LOOP/BEG").children[4]
    day = re.compile(value_pattern(node), re.ASCII)
    for year in (1800, 1896, 1900, 2000, 2023, 2024, 2100, 2400):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        assert bool(day.fullmatch(f"{year}0229")) is leap
        assert day.fullmatch(f"{year}0228")
    assert not any(day.fullmatch(text) for text in ("17991231", "20260431", "20261301", "20260100", "260101"))


def test_threads_share_the_tables() -> None:
    good, bad = set_of(file_850()), set_of(with_body(BODY_850[0], "BEG*00*SA*PO-1001**20260229"))
    told: list[tuple[str, str]] = []

    def work() -> None:
        for _ in range(100):
            told.append((validate_set(good).verdict, validate_set(bad).verdict))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [("A", "R")] * 400
