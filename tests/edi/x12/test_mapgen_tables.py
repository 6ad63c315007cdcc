"""The tables agree with themselves, and every map of every release loads."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import pytest

from edi.x12.catalog import FUNCTIONAL_IDS, RELEASES, is_known, judged_as, release_of
from edi.x12.map_cache import MAPS, load_map
from edi.x12.mapgen.codes import CODES
from edi.x12.mapgen.notation import SetTable, Use
from edi.x12.mapgen.release import composites_of, segments_of, sets_of
from edi.x12.mapgen.segments import SEGMENTS
from edi.x12.mapgen.segments.open import OPEN_SEGMENTS
from edi.x12.mapgen.sets import SETS

CASES = [(r, s) for r in RELEASES for s in FUNCTIONAL_IDS if is_known(s, r)]


def paths(uses: list[Use], above: str = "") -> list[str]:
    found = []
    for use in uses:
        found += [above + use.segment, *paths(use.children, f"{above}{use.segment}/")]
    return found


@pytest.mark.parametrize(("release", "set_id"), CASES)
def test_every_map_loads_whole_and_its_loops_have_ids_of_their_own(release: str, set_id: str) -> None:
    nodes = [n for n in load_map(release, set_id).loop_segment_iterator() if not n.is_map_root()]
    envelope = 6
    assert sum(n.is_segment() for n in nodes) == len(paths(sets_of(release)[set_id])) + envelope
    keys = Counter((n.id, n.parent.id) for n in nodes)
    assert [k for k, n in keys.items() if n > 1] == []
    loops = Counter(n.id for n in nodes if n.is_loop())
    assert [k for k, n in loops.items() if n > 1] == []


@pytest.mark.parametrize("release", RELEASES)
def test_one_table_names_the_sets_and_the_index_holds_them(release: str) -> None:
    known = {s for s in FUNCTIONAL_IDS if is_known(s, release)}
    assert set(sets_of(release)) == known
    assert set(SETS) == set(FUNCTIONAL_IDS)
    index = ElementTree.parse(MAPS / release / "maps.xml")  # noqa: S314 - our own file
    assert {(m.get("abbr"), m.get("fic")) for m in index.iter("map")} == {(s, FUNCTIONAL_IDS[s]) for s in known}
    assert {p.stem for p in (MAPS / release).glob("[0-9]*.xml")} == known


def test_the_groups_of_the_sets() -> None:
    groups = (
        "850:PO 855:PR 856:SH 810:IN 860:PC 865:CA 846:IB 820:RA 824:AG 997:FA 999:FA 832:SC 940:OW 943:AR 944:RE "
        "945:SW 214:QM 180:AN 812:CD"
    )
    assert {f"{set_id}:{group}" for set_id, group in FUNCTIONAL_IDS.items()} == set(groups.split())
    assert not is_known("999", "004010")
    assert not is_known("204", "004010")


@pytest.mark.parametrize("release", RELEASES)
def test_every_segment_is_judged_or_open_and_none_is_left_over(release: str) -> None:
    used = {path.rpartition("/")[2] for uses in sets_of(release).values() for path in paths(uses)}
    assert used <= set(SEGMENTS) | set(OPEN_SEGMENTS)
    assert set(SEGMENTS) & set(OPEN_SEGMENTS) == set()
    everywhere = {p.rpartition("/")[2] for r in RELEASES for uses in sets_of(r).values() for p in paths(uses)}
    assert everywhere == set(SEGMENTS) | set(OPEN_SEGMENTS)


@pytest.mark.parametrize("release", RELEASES)
def test_an_element_has_one_type_and_one_length_in_a_release(release: str) -> None:
    tables = [d.elements for d in segments_of(release).values()] + list(composites_of(release).values())
    shapes: dict[str, set[tuple[str, int, int]]] = {}
    for element in (e for table in tables for e in table if not e.composite):
        shapes.setdefault(element.number, set()).add((element.kind, element.shortest, element.longest))
    assert {n: s for n, s in shapes.items() if len(s) > 1} == {}
    assert [c for n, codes in CODES.items() for c in codes.split() if not shapes[n] or len(c) > max(shapes[n])[2]] == []
    assert {n: c for n, codes in CODES.items() for c, times in Counter(codes.split()).items() if times > 1} == {}


@pytest.mark.parametrize("release", RELEASES)
def test_positions_run_without_a_gap_and_rules_stay_inside(release: str) -> None:
    for name, definition in segments_of(release).items():
        assert [e.position for e in definition.elements] == list(range(1, len(definition.elements) + 1)), name
        named = {int(rule[at : at + 2]) for rule in definition.rules for at in range(1, len(rule), 2)}
        assert all(position <= len(definition.elements) for position in named), name


def test_005010_changes_places_numbers_and_parts() -> None:
    old, new = (sets_of(r) for r in RELEASES)
    assert [p for p in paths(old["860"]) if p.startswith("LDT")] == ["LDT"]
    header = [use.segment for use in new["860"]]
    assert header[header.index("LDT") + 1] == "AMT"
    assert [use.segment for use in old["214"]][:4] == ["B10", "L11", "MAN", "K1"]
    assert [use.segment for use in new["214"]] == ["B10", "MS3", "LX"]
    assert [[use.segment for use in sets["944"]][-2:] for sets in (old, new)] == [["W07", "W14"], ["LX", "W14"]]
    quantity = [segments_of(r)["POC"].elements[2] for r in RELEASES]
    assert [(e.number, e.longest) for e in quantity] == [("330", 15), ("380", 15)]
    assert [len(composites_of(r)["C030"]) for r in RELEASES] == [2, 3]
    assert SetTable("").anew == ""


@pytest.mark.parametrize(
    ("version", "exact", "near"),
    [
        ("004010", "004010", "004010"),
        ("004010VICS", "004010", "004010"),
        ("004020", "", "004010"),
        ("004030VICS", "", "004010"),
        ("004060", "", "004010"),
        ("004070", "", ""),
        ("004000", "", ""),
        ("004011", "", ""),
        ("005010X231A1", "005010", "005010"),
        ("005050", "", "005010"),
        ("005060", "", ""),
        ("003070", "", ""),
        ("006010", "", ""),
        ("", "", ""),
    ],
)
def test_neighbouring_releases_are_judged_only_when_asked(version: str, exact: str, near: str) -> None:
    assert (release_of(version), judged_as(version)) == (exact, near)
