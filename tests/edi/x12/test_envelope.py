"""Envelope checks refuse the right level with the right code and leave siblings alone."""

from __future__ import annotations

import pytest

from tests.edi.x12.texts import file_850, group, interchange, read, read_one, tset


def codes(found: object) -> list[str]:
    return [f.code for f in found.findings]  # type: ignore[attr-defined]


def test_a_clean_interchange_has_no_findings_and_no_notes() -> None:
    found = read_one(file_850())
    assert (found.findings, found.notes, found.ta1_code) == ([], [], "000")
    assert (found.sender_qualifier, found.sender, found.receiver, found.usage) == ("ZZ", "RETAILER", "NORTHLINE", "P")
    (only,) = found.groups
    assert (only.functional_id, only.version, only.release, only.declared_sets) == ("PO", "004010", "004010", 1)


def test_a_wrong_segment_count_refuses_its_set_only() -> None:
    found = read_one(interchange(group(tset(), tset(number="0002", count=99), tset(number="0003"))))
    assert [codes(s) for s in found.groups[0].sets] == [[], ["4"], []]
    assert codes(found.groups[0]) == codes(found) == []


def test_a_wrong_se_number_refuses_its_set_only() -> None:
    found = read_one(interchange(group(tset(end="9999"), tset(number="0002"))))
    assert [codes(s) for s in found.groups[0].sets] == [["3"], []]


def test_a_set_number_used_twice_refuses_the_second() -> None:
    found = read_one(interchange(group(tset(), tset())))
    assert [codes(s) for s in found.groups[0].sets] == [[], ["23"]]


def test_a_missing_se_is_told_on_its_set() -> None:
    first = tset().replace("SE*12*0001~", "")
    found = read_one(interchange(group(first, tset(number="0002"))))
    assert [codes(s) for s in found.groups[0].sets] == [["2"], []]


@pytest.mark.parametrize(("change", "code"), [({"count": "7"}, "5"), ({"count": "x"}, "5"), ({"end": "9"}, "4")])
def test_a_wrong_group_trailer_refuses_its_group_only(change: dict[str, str], code: str) -> None:
    found = read_one(interchange(group(tset(), **change), group(tset(), number="2")))
    assert [codes(g) for g in found.groups] == [[code], []]
    assert codes(found) == []


def test_a_missing_ge_refuses_its_group_only() -> None:
    found = read_one(interchange(group(tset()).replace("GE*1*1~", ""), group(tset(), number="2")))
    assert [codes(g) for g in found.groups] == [["3"], []]


def test_a_group_number_used_twice_refuses_the_second() -> None:
    assert [codes(g) for g in read_one(interchange(group(tset()), group(tset()))).groups] == [[], ["6"]]
    newer = [group(tset(), version="005010") for _ in range(2)]
    found = read_one(interchange(*newer, version="00501", standard="^"))
    assert [codes(g) for g in found.groups] == [[], ["19"]]


def test_unknown_groups_releases_and_sets_are_named() -> None:
    found = read_one(interchange(group(tset(), functional_id="SM"), group(tset(), number="2", version="003040")))
    assert [codes(g) for g in found.groups] == [["1"], ["2"]]
    found = read_one(interchange(group(tset("B2**SCAC**BOL1**PP", set_id="204"), tset(number="0002"))))
    assert [codes(s) for s in found.groups[0].sets] == [["1"], []]


def test_a_set_of_the_other_release_alone_is_named() -> None:
    acks = [
        group(tset("AK1*PO*1", "AK9*A*1*1*1", set_id="999"), functional_id="FA", version=v)
        for v in ("004010", "005010")
    ]
    assert [codes(s) for text in acks for s in read_one(interchange(text)).groups[0].sets] == [["1"], []]


@pytest.mark.parametrize(("change", "code"), [({"count": "5"}, "021"), ({"end": "000000009"}, "001")])
def test_a_wrong_iea_refuses_its_interchange_only(change: dict[str, str], code: str) -> None:
    one, two = read(interchange(group(tset()), **change) + interchange(group(tset()), number="000000002"))
    assert (one.ta1_code, two.ta1_code) == (code, "000")
    assert codes(one.groups[0]) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("*261123*", "*261323*", "014"),
        ("*1200*U", "*2500*U", "015"),
        ("*ZZ*RETAILER", "*XX*RETAILER", "005"),
        ("*ZZ*NORTHLINE", "*XX*NORTHLINE", "007"),
        ("RETAILER ", "         ", "006"),
        ("*000000001*0*P", "*00000000A*0*P", "018"),
        ("*0*P*", "*7*P*", "019"),
        ("*0*P*", "*0*X*", "020"),
        ("*00401*", "*0040A*", "017"),
    ],
)
def test_a_wrong_isa_element_has_its_ta1_code(old: str, new: str, code: str) -> None:
    assert read_one(file_850().replace(old, new, 1)).ta1_code == code


@pytest.mark.parametrize("qualifier", ["01", "02", "08", "12", "14", "16", "ZZ"])
def test_the_qualifiers_of_retail_are_taken(qualifier: str) -> None:
    assert read_one(file_850().replace("*ZZ*RETAILER", f"*{qualifier}*RETAILER")).findings == []


def test_a_lone_ta1_is_kept_and_is_no_error() -> None:
    found = read_one(interchange().replace("~IEA*0", "~TA1*000000007*261123*1200*A*000~IEA*0"))
    assert found.findings == []
    assert found.ta1s == [["TA1", "000000007", "261123", "1200", "A", "000"]]


def test_a_segment_between_sets_refuses_the_group() -> None:
    found = read_one(interchange(group(tset(), "REF*ZZ*LOST~").replace("GE*2", "GE*1")))
    assert codes(found.groups[0]) == ["5"]
    assert codes(found.groups[0].sets[0]) == []
