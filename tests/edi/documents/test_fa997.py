"""Reading a partner's 997."""

from __future__ import annotations

import pytest

from edi.documents.fa997 import AckedSet, AckError, read_997
from edi.x12.errors import MappingError
from edi.x12.validate import validate_set
from tests.edi.x12.texts import group, interchange, set_of, tset


def text_997(*rows: str) -> str:
    return interchange(group(tset(*rows, set_id="997"), functional_id="FA"))


def test_a_partial_acknowledgment() -> None:
    rows = (
        "AK1*IN*000000042",
        "AK2*810*0001",
        "AK5*A",
        "AK2*810*0002",
        "AK3*IT1*8**8",
        "AK4*7>2*234*4*X",
        "AK5*R*5",
        "AK9*P*2*2*1",
    )
    tset_ = set_of(text_997(*rows))
    assert validate_set(tset_).sentences == []
    found = read_997(tset_)
    assert (found.functional_id, found.group_control_number, found.verdict) == ("IN", "42", "P")
    assert (found.declared, found.received, found.accepted) == (2, 2, 1)
    assert found.sets == (
        AckedSet("810", "0001", "A"),
        AckedSet("810", "0002", "R", ("5",), (AckError("IT1", 8, "8", ((7, "4", "X"),)),)),
    )


def test_an_acknowledgment_of_the_group_alone() -> None:
    found = read_997(set_of(text_997("AK1*SH*7", "AK9*R*1*1*0*4")))
    assert (found.verdict, found.codes, found.sets) == ("R", ("4",), ())


def test_security_verdicts_are_rejections() -> None:
    found = read_997(set_of(text_997("AK1*SH*7", "AK2*856*0001", "AK5*W", "AK9*X*1*1*0")))
    assert (found.verdict, found.sets[0].verdict) == ("R", "R")


def test_an_acknowledgment_without_its_ends_is_refused() -> None:
    with pytest.raises(MappingError) as caught:
        read_997(set_of(text_997("AK2*856*0001", "AK5*A")))
    assert [p.segment for p in caught.value.problems] == ["AK1", "AK9"]
