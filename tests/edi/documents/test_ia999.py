"""Reading a partner's 999."""

from __future__ import annotations

from pathlib import Path

import pytest

from edi.documents.fa997 import AckedSet, AckError
from edi.documents.ia999 import read_999
from edi.x12.errors import MappingError
from edi.x12.validate import validate_set
from tests.edi.x12.texts import group, interchange, set_of, tset

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "999" / "005010.edi"


def text_999(*rows: str) -> str:
    inner = group(tset(*rows, set_id="999"), functional_id="FA", version="005010X231A1")
    return interchange(inner, version="00501", standard="^")


def test_a_partial_acknowledgment_with_contexts() -> None:
    one = set_of(SAMPLE.read_text())
    assert validate_set(one).sentences == []
    found = read_999(one)
    assert (found.functional_id, found.group_control_number, found.verdict) == ("IN", "1021", "P")
    assert (found.declared, found.received, found.accepted) == (2, 2, 1)
    assert found.sets == (
        AckedSet("810", "0003", "R", ("5",), (AckError("IT1", 12, "8", ((2, "6", "1O"),)),)),
        AckedSet("810", "0004", "A"),
    )


def test_an_acknowledgment_of_the_group_alone() -> None:
    found = read_999(set_of(text_999("AK1*SH*7*005010", "AK9*R*1*1*0*4")))
    assert (found.verdict, found.codes, found.sets) == ("R", ("4",), ())


def test_the_segments_of_a_997_say_nothing_in_a_999() -> None:
    found = read_999(set_of(text_999("AK1*SH*7*005010", "AK2*856*0001", "AK5*A", "AK9*A*1*1*1")))
    assert found.sets == ()


def test_an_acknowledgment_without_its_ends_is_refused() -> None:
    with pytest.raises(MappingError) as caught:
        read_999(set_of(text_999("AK2*856*0001", "IK5*A")))
    assert [p.segment for p in caught.value.problems] == ["AK1", "AK9"]
