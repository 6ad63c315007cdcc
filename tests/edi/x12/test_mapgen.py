"""The committed maps are what the tables give, and pyx12 itself takes them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document

from edi.x12.map_cache import MAPS, load_map
from edi.x12.mapgen.__main__ import main
from edi.x12.mapgen.folders import differing_maps, write_maps
from edi.x12.mapgen.notation import read_elements, read_set
from edi.x12.mapgen.release import segments_of, sets_of
from tests.edi.x12.texts import BODY_850, file_850, group, interchange, tset


def test_the_committed_maps_equal_the_tables() -> None:
    assert differing_maps() == []
    assert main(["--check"]) == 0


def test_a_changed_file_is_named(tmp_path: Path) -> None:
    written = write_maps(tmp_path)
    assert differing_maps(tmp_path) == []
    written[0].write_text("x")
    assert differing_maps(tmp_path) == [f"{written[0].parent.name}/{written[0].name}"]


def test_the_notation() -> None:
    (beg, loop) = read_set("BEG M1, N1 O200 {N2 O2, N4 O>1}")
    assert (beg.segment, beg.mandatory, beg.maximum, beg.children) == ("BEG", True, "1", [])
    assert [(u.segment, u.maximum) for u in loop.children] == [("N2", "2"), ("N4", ">1")]
    found = read_elements("01 350 O AN1-20; 02-05 2x(235 ID2, 234 AN1-48) O; 06 O C001; 07 610 M N2(1-15)")
    assert [(e.position, e.number, e.kind, e.shortest, e.longest) for e in found] == [
        (1, "350", "AN", 1, 20),
        (2, "235", "ID", 2, 2),
        (3, "234", "AN", 1, 48),
        (4, "235", "ID", 2, 2),
        (5, "234", "AN", 1, 48),
        (6, "C001", "", 0, 0),
        (7, "610", "N2", 1, 15),
    ]


def test_005010_widens_references_and_swaps_msg_for_mtx() -> None:
    widths = {r: {e.number: e.longest for e in segments_of(r)["REF"].elements}["127"] for r in ("004010", "005010")}
    assert widths == {"004010": 30, "005010": 50}
    notes = {
        r: [u.segment for use in sets_of(r)["850"] if use.segment == "N9" for u in use.children]
        for r in ("004010", "005010")
    }
    assert notes == {"004010": ["DTM", "MSG"], "005010": ["DTM", "MTX", "PWK", "EFI"]}


@pytest.mark.parametrize("release", ["004010", "005010"])
def test_every_segment_of_the_850_stands_in_the_map(release: str) -> None:
    def count(uses: list) -> int:  # type: ignore[type-arg]
        return sum(1 + count(u.children) for u in uses)

    nodes = [n for n in load_map(release, "850").loop_segment_iterator() if not n.is_map_root()]
    assert sum(n.is_segment() for n in nodes) == count(sets_of(release)["850"]) + 6


@pytest.mark.parametrize(("release", "icvn", "standard"), [("004010", "00401", "U"), ("005010", "00501", "^")])
def test_pyx12_itself_takes_a_clean_850_and_refuses_a_bad_one(release: str, icvn: str, standard: str) -> None:
    def judged(text: str) -> bool:
        params = pyx12.params.params()
        return bool(
            pyx12.x12n_document.x12n_document(params, io.StringIO(text), None, None, map_path=str(MAPS / release))
        )

    clean = interchange(group(tset(), version=release), version=icvn, standard=standard)
    assert judged(clean.replace("*ZZ*RETAILER", "*08*RETAILER")) is True
    assert judged(clean.replace(BODY_850[0], "BEG*99*SA*PO-1001**20261123")) is False
    assert file_850() != clean or release == "004010"
