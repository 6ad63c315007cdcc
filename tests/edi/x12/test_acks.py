"""Our 997 and TA1, and that they pass our own maps."""

from __future__ import annotations

import pytest

from edi.documents.fa997 import read_997
from edi.x12.acks import group_verdict, render_997, render_ta1
from edi.x12.errors import WriteError
from edi.x12.validate import validate_set
from edi.x12.writer import OutSet, render_interchange
from tests.edi.x12.test_writer import envelope
from tests.edi.x12.texts import BODY_850, file_850, group, interchange, read_one, set_of, tset, with_body


def body_of(text: str, **options: bool) -> list[list[str]]:
    only = read_one(text).groups[0]
    return render_997(only, [validate_set(s) for s in only.sets], **options)


BAD_ROWS = ["BEG*00*SA*" + "X" * 23 + "**20261123", *BODY_850[1:7], "PO1*1*12*QQ*9.95*PE*UP*012345678905", "CTT*1"]


def test_a_bad_order_is_answered_to_the_element() -> None:
    assert body_of(interchange(group(tset(*BAD_ROWS)))) == [
        ["AK1", "PO", "1"],
        ["AK2", "850", "0001"],
        ["AK3", "BEG", "2", "", "8"],
        ["AK4", "3", "324", "5", "X" * 23],
        ["AK3", "PO1", "9", "", "8"],
        ["AK4", "3", "355", "7", "QQ"],
        ["AK5", "R", "5"],
        ["AK9", "R", "1", "1", "0"],
    ]


def test_unknown_missing_and_repeated_segments_have_their_codes() -> None:
    unknown = body_of(with_body(BODY_850[2], "ZZZ*1"))
    assert ["AK3", "ZZZ", "4", "", "1"] in unknown
    misplaced = body_of(with_body(BODY_850[9], "CTT*1~BEG*00*SA*2**20261123"))
    assert ["AK3", "BEG", "12", "", "2"] in misplaced
    rows = [r for r in BODY_850 if not r.startswith(("PO1", "PID"))]
    assert ["AK3", "PO1", "9", "", "3"] in body_of(file_850(*rows))
    assert ["AK3", "CUR", "4", "", "5"] in body_of(with_body(BODY_850[1], "CUR*BY*USD~CUR*BY*USD"))


def test_accepted_sets_may_be_left_out() -> None:
    text = interchange(group(tset(), tset(*BAD_ROWS, number="0002")))
    short = body_of(text, all_sets=False)
    assert [row[:3] for row in short if row[0] == "AK2"] == [["AK2", "850", "0002"]]
    assert short[-1] == ["AK9", "P", "2", "2", "1"]


def test_a_refused_group_is_answered_as_a_whole() -> None:
    text = interchange(group(tset(), tset(number="0002"), count="7"))
    assert body_of(text) == [["AK1", "PO", "1"], ["AK9", "R", "7", "2", "0", "5"]]


def test_a_997_is_never_answered() -> None:
    only = read_one(interchange(group(tset("AK1*PO*1", "AK9*A*1*1*1", set_id="997"), functional_id="FA"))).groups[0]
    assert validate_set(only.sets[0]).verdict == "A"
    with pytest.raises(WriteError, match="never answered"):
        render_997(only, [])


def test_ta1_tells_the_first_finding() -> None:
    assert render_ta1(read_one(file_850())) == ["TA1", "000000001", "261123", "1200", "A", "000"]
    wrong = read_one(interchange(group(tset()), count="3"))
    assert render_ta1(wrong) == ["TA1", "000000001", "261123", "1200", "R", "021"]


@pytest.mark.parametrize(("release", "version", "standard"), [("004010", "00401", "U"), ("005010", "00501", "^")])
def test_our_997_passes_our_map_and_reads_back(release: str, version: str, standard: str) -> None:
    composite = tset(*BODY_850[:2], "REF*DP*099**ZZZZ>1", *BODY_850[3:], number="0003")
    sets = (tset(), tset(*BAD_ROWS, number="0002"), composite)
    text = interchange(group(*sets, version=release), version=version, standard=standard)
    only = read_one(text).groups[0]
    verdicts = [validate_set(s) for s in only.sets]
    out = render_interchange(
        envelope(functional_id="FA", version=release), [OutSet("997", "0001", render_997(only, verdicts))]
    )
    answer = set_of(out.decode())
    assert validate_set(answer).sentences == []
    result = read_997(answer)
    assert (result.functional_id, result.group_control_number, result.verdict) == ("PO", "1", "P")
    assert (result.declared, result.received, result.accepted) == (3, 3, 1)
    assert [(s.control_number, s.verdict, s.codes) for s in result.sets] == [
        ("0001", "A", ()),
        ("0002", "R", ("5",)),
        ("0003", "R", ("5",)),
    ]
    assert result.sets[1].errors[1].elements == ((3, "7", "QQ"),)
    assert result.sets[2].errors[0].elements[0][:2] == (4, "5")
    assert group_verdict(only, verdicts).accepted == 1


def test_a_segment_without_an_id_is_answered_like_an_unknown_one() -> None:
    """Found by the damaged files: pyx12 gives such a segment no name at all."""
    text = file_850().replace("~CTT*", "~*~CTT*", 1)
    only = read_one(text).groups[0]
    verdict = validate_set(only.sets[0])
    assert not verdict.accepted
    assert any("segment without an id is not part of this document" in said for said in verdict.sentences)
    assert next(row for row in render_997(only, [verdict]) if row[0] == "AK3")[1:] == ["ZZ", "11", "", "1"]
