"""A segment's meaning: every segment of every sample has a name, and codes that we tell of have their meaning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from edi.documents.code_words import ELEMENTS
from edi.documents.segment_names import SEGMENTS
from edi.documents.wording import Row, decoded
from edi.x12.envelope import read_interchange
from edi.x12.rules import element_number
from edi.x12.tokens import split_interchanges
from tests.edi.documents.golden import SAMPLES

FILES = sorted(path for path in SAMPLES.glob("*/*.edi") if path.parent.name != "bad")


def rows() -> Iterator[tuple[str, Row]]:
    """Each segment of each sample in words, with its release."""
    for path in FILES:
        for raw in split_interchanges(path.read_bytes()):
            for group in read_interchange(raw).groups:
                for tset in group.sets:
                    for row in decoded([s.elements for s in tset.segments], release=group.release):
                        yield group.release, row


def test_every_segment_of_every_set_is_told_by_name() -> None:
    assert {row.segment for _, row in rows()} <= SEGMENTS.keys()


def test_each_code_of_an_element_that_is_told_has_its_meaning() -> None:
    silent = {
        (number, part.value)
        for release, row in rows()
        for part in row.parts
        if (number := element_number(release, row.segment, int(part.place[-2:]))) in ELEMENTS and not part.meaning
    }
    assert silent == set()


@pytest.mark.parametrize(("segment", "place", "meaning"), [
    (["ACK", "BP", "20", "EA"], "ACK01", "a part comes, the rest later"),
    (["PO1", "1", "2", "CA", "9.95", "HP", "BO", "RED"], "PO105", "per hundred"),
    (["N1", "Z7", "STORE", "92", "4"], "N101", "mark for"),
    (["W12", "CP", "3", "2", "1", "EA"], "W1201", "partly, no more comes"),
    (["POC", "1", "XX", "3"], "POC02", ""),
    (["HL", "1", "", "T", "1"], "HL03", "pallet"),
])  # fmt: skip
def test_the_same_code_means_what_its_element_says(segment: list[str], place: str, meaning: str) -> None:
    [row] = decoded([segment], release="004010")
    assert {part.place: part.meaning for part in row.parts}[place] == meaning
