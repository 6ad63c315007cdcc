"""The one table of the bench: what is met and missed, parts that break off, and parts that nobody knows."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.table import INTO, Figure, as_table, dearest, tell, told_in


def figure(what: str, ratio: float, at_most: float | None = 3) -> Figure:
    return Figure(what=what, against="bare page", ratio=ratio, at_most=at_most)


def test_an_aim_is_met_or_missed_and_what_has_none_is_neither() -> None:
    assert figure("a", 3.0).met is True
    assert figure("a", 3.01).met is False
    assert figure("a", 99, None).met is None
    assert Figure(what="b", against="pyx12", ratio=19.9, at_least=20).met is False
    assert Figure(what="b", against="pyx12", ratio=20, at_least=20).met is True


def test_the_table_has_every_part_in_its_order_and_says_what_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(INTO, str(tmp_path / "figures"))
    tell([figure("home", 2.5), figure("desk", 4.2)])
    tell([Figure(what="no aim", against="before", ratio=1234.5)])
    lines = as_table({"pages": told_in(tmp_path / "figures"), "none": told_in(tmp_path / "nothing")})
    assert [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]] == [
        ["pages", "home", "2.50 x", "bare page", "at most 3.00", "yes"],
        ["pages", "desk", "4.20 x", "bare page", "at most 3.00", "NO"],
        ["pages", "no aim", "1,234 x", "before", "", ""],
    ]
    assert len({len(line) for line in lines}) == 1


def test_without_a_table_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(INTO, "")
    monkeypatch.chdir(tmp_path)
    tell([figure("home", 2.5)])
    assert list(tmp_path.iterdir()) == []


def test_of_many_pages_the_dearest_and_all_that_miss_the_aim_are_told() -> None:
    told = dearest([figure("a", 1), figure("b", 4), figure("c", 2), figure("d", 3.5)], of="pages")
    assert [(one.what, one.ratio) for one in told] == [("b (the dearest of 4 pages)", 4), ("d", 3.5)]
    assert [one.what for one in dearest([figure("a", 1), figure("c", 2)], of="pages")] == ["c (the dearest of 2 pages)"]


def test_parts_are_chosen_by_name_and_unknown_ones_refused() -> None:
    assert bench._parts("search, pages") == ["search", "pages"]
    assert bench._parts("") == list(bench.PARTS)
    with pytest.raises(argparse.ArgumentTypeError, match="no part serach"):
        bench._parts("serach")
    for part in bench.PARTS:
        assert (Path(bench.__file__).parent / f"{part}.py").exists(), part


def test_a_part_that_breaks_off_is_said_to_be_so_and_the_run_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"edi": ([figure("read", 2)], True), "search": ([], False)}
    monkeypatch.setattr(bench, "run_part", lambda part, words: told[part])
    assert bench.main(["--parts", "edi,search", "--quick"]) == 1
    said = capsys.readouterr().out
    assert "search broke off: its figures are not whole" in said
    assert "0 of 1 aims are missed" in said
    assert bench.main(["--parts", "edi", "--quick"]) == 0
