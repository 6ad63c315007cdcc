"""Our 999: what a 997 says in other segments, with the other element of a broken rule in CTX."""

from __future__ import annotations

import pytest

from edi.documents.ia999 import read_999
from edi.x12.acks import group_verdict, render_997, render_999
from edi.x12.errors import WriteError
from edi.x12.structure import Group
from edi.x12.validate import validate_set
from edi.x12.writer import OutSet, render_interchange
from tests.edi.x12.test_writer import envelope
from tests.edi.x12.texts import BODY_850, group, interchange, read_one, set_of, tset

CONDITIONAL = tset(*BODY_850[:7], "PO1*1*12*EA*9.95*PE*UP", *BODY_850[8:], number="0002")
EXCLUDED = tset(*BODY_850[:8], "MEA**WT*1*LB****04", *BODY_850[8:], number="0003")
TOO_MANY = tset(BODY_850[0], "CUR*BY*USD" + "*" * 20 + "X", *BODY_850[2:], number="0004")
WRONG = tset(*BODY_850[:7], "PO1*1*12*QQ*9.95*PE*UP*012345678905", *BODY_850[8:], number="0005")


def answered(*sets: str, version: str = "005010") -> Group:
    isa = {"version": "00501", "standard": "^"} if version.startswith("005010") else {}
    return read_one(interchange(group(*sets, version=version), **isa)).groups[0]


def body_of(only: Group) -> list[list[str]]:
    return render_999(only, [validate_set(s) for s in only.sets])


def test_every_error_has_its_segment_its_element_and_the_element_that_caused_it() -> None:
    assert body_of(answered(tset(), CONDITIONAL, EXCLUDED, TOO_MANY, WRONG)) == [
        ["AK1", "PO", "1", "005010"],
        ["AK2", "850", "0001"],
        ["IK5", "A"],
        ["AK2", "850", "0002"],
        ["IK3", "PO1", "9", "", "8"],
        ["IK4", "7", "234", "2", ""],
        ["CTX", "SITUATIONAL TRIGGER", "PO1", "9", "", "6"],
        ["IK5", "R", "5"],
        ["AK2", "850", "0003"],
        ["IK3", "MEA", "10", "", "8"],
        ["IK4", "3", "739", "10", ""],
        ["CTX", "SITUATIONAL TRIGGER", "MEA", "10", "", "8"],
        ["IK5", "R", "5"],
        ["AK2", "850", "0004"],
        ["IK3", "CUR", "3", "", "8"],
        ["IK4", "22", "", "3", ""],
        ["IK5", "R", "5"],
        ["AK2", "850", "0005"],
        ["IK3", "PO1", "9", "", "8"],
        ["IK4", "3", "355", "7", "QQ"],
        ["IK5", "R", "5"],
        ["AK9", "P", "5", "5", "1"],
    ]


def test_our_999_passes_our_map_and_reads_back() -> None:
    only = answered(tset(), CONDITIONAL, WRONG, tset(number="0006", count=99))
    verdicts = [validate_set(s) for s in only.sets]
    out = envelope(functional_id="FA", version="005010X231A1")
    content = render_interchange(out, [OutSet("999", "0001", render_999(only, verdicts), "005010X231A1")])
    answer = set_of(content.decode())
    assert validate_set(answer).sentences == []
    result = read_999(answer)
    assert (result.functional_id, result.group_control_number, result.verdict) == ("PO", "1", "P")
    assert (result.declared, result.received, result.accepted) == (4, 4, 1)
    assert [(s.control_number, s.verdict, s.codes) for s in result.sets] == [
        ("0001", "A", ()),
        ("0002", "R", ("5",)),
        ("0005", "R", ("5",)),
        ("0006", "R", ("4",)),
    ]
    assert result.sets[1].errors[0].elements == ((7, "2", ""),)
    assert result.sets[2].errors[0].elements == ((3, "7", "QQ"),)


def test_a_refused_group_and_errors_that_do_not_reject_have_their_verdicts() -> None:
    isa = {"version": "00501", "standard": "^"}
    refused = read_one(interchange(group(tset(), version="005010", count="7"), **isa)).groups[0]
    assert body_of(refused) == [["AK1", "PO", "1", "005010"], ["AK9", "R", "7", "1", "0", "5"]]
    only = answered(WRONG)
    lenient = [validate_set(only.sets[0], lenient=frozenset({"7"}))]
    assert group_verdict(only, lenient).verdict == "E"
    assert render_999(only, lenient)[-2:] == [["IK5", "E"], ["AK9", "E", "1", "1", "1"]]


def test_a_999_belongs_to_its_release_and_is_never_answered() -> None:
    with pytest.raises(WriteError, match="belongs to 005010"):
        body_of(answered(tset(), version="004010"))
    isa = {"version": "00501", "standard": "^"}
    ack = tset("AK1*PO*1*005010", "AK9*A*1*1*1", set_id="999")
    only = read_one(interchange(group(ack, functional_id="FA", version="005010X231A1"), **isa)).groups[0]
    assert validate_set(only.sets[0]).verdict == "A"
    with pytest.raises(WriteError, match="never answered"):
        body_of(only)


def test_the_997_stays_the_default_of_the_newer_release() -> None:
    only = answered(CONDITIONAL)
    assert render_997(only, [validate_set(s) for s in only.sets])[1:-1] == [
        ["AK2", "850", "0002"],
        ["AK3", "PO1", "9", "", "8"],
        ["AK4", "7", "234", "2", ""],
        ["AK5", "R", "5"],
    ]
