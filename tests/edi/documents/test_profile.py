"""A stranger's samples tell who it is, how it writes and what we cannot do for it yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from edi.documents.gaps import Gap
from edi.documents.profile import Profile, infer_profile, sets_in
from edi.documents.reading_probe import unread_parts

ISA = "ISA|00|          |00|          |12|5551234567     |ZZ|NORTHLINE      |261124|1200|U|00401|{number}|0|{usage}|>!"


def sample(*sets: str, usage: str = "T", functional_id: str = "PO", number: str = "000000007") -> bytes:
    body = f"GS|{functional_id}|NEWBUYER|NORTHLINE|20261124|1200|7|X|004010VICS!" + "".join(sets)
    return (ISA.format(number=number, usage=usage) + body + f"GE|{len(sets)}|7!IEA|1|{number}!").encode("latin-1")


PO = (
    "ST|850|0001!BEG|00|SA|PO-1||20261124!CUR|BY|USD!REF|DP|044!ITD|14|3!N1|ST||92|0117!"
    "PO1|1|10|CS|.42|PE|UP|812345000016|SK|A-77|ZZ|Q!TD5|O|2|UPSN!CTT|1!SE|10|0001!"
)
CHANGE = "ST|860|0001!BCH|04|SA|PO-1|||20261124!SE|3|0001!"


def gap(profile: Profile, what: str) -> Gap:
    return next(one for one in profile.gaps if one.what == what)


def test_everything_about_the_envelope_is_read_from_it() -> None:
    found = infer_profile({"po.edi": sample(PO)})
    assert (found.their_qualifier, found.their_id, found.their_group_id) == ("12", "5551234567", "NEWBUYER")
    assert (found.our_qualifier, found.our_id, found.our_group_id) == ("ZZ", "NORTHLINE", "")
    assert (found.element_separator, found.component_separator, found.segment_terminator) == ("|", ">", "!")
    assert (found.usages, found.releases) == ({"T": 1}, {"004010VICS": 1})
    assert (found.sets["850"].count, found.sets["850"].segments["PO1"]) == (1, 1)
    assert found.item_qualifiers == {"UP": 1, "SK": 1, "ZZ": 1}
    assert found.units == {"CS": 1}
    assert found.ship_tos == {"0117": 1}
    assert found.qualifiers == {"references": {"DP": 1}, "parties": {"ST": 1}}
    assert found.problems == []


def test_what_we_cannot_do_is_told_with_how_often() -> None:
    found = infer_profile({"a": sample(PO, PO.replace("0001", "0002")), "b": sample(CHANGE.replace("860", "852"))})
    unread = {one.what: one.count for one in found.gaps if one.kind in ("segment", "element")}
    assert unread["TD5"] == 2
    assert gap(found, "PO1 ZZ").count == 2
    assert gap(found, "unit CS").count == 2
    assert (gap(found, "852").kind, gap(found, "852").weight) == ("set", "blocking")
    assert found.gaps[0].weight == "blocking", "what stops documents stands first"


def test_a_code_outside_our_tables_and_a_value_no_order_can_have_stop_it() -> None:
    bad = sample(PO.replace("BEG|00", "BEG|QQ"), PO.replace("|10|CS", "|0|CS").replace("0001", "0002"))
    found = infer_profile({"bad": bad})
    assert (gap(found, "BEG01 QQ").kind, gap(found, "BEG01 QQ").weight) == ("code", "blocking")
    assert "not above zero" in gap(found, "PO102").meaning
    assert (found.sets["850"].count, found.sets["850"].clean) == (2, 1)


def test_a_mixture_of_both_sides_is_told_apart() -> None:
    ours = sample("ST|855|0001!BAK|00|AD|PO-1|20261124!SE|3|0001!", functional_id="PR", number="000000009")
    ours = ours.replace(b"|12|5551234567     |ZZ|NORTHLINE      |", b"|ZZ|NORTHLINE      |12|5551234567     |")
    third = sample(PO, number="000000010").replace(b"5551234567", b"9999999999")
    found = infer_profile({"a": ours, "b": sample(PO), "c": third})
    assert (found.their_id, list(found.sets), found.expected) == ("5551234567", ["850"], {"855": 1})
    assert found.others == {"12 9999999999": 1}


@pytest.mark.parametrize("content", [b"", b"Dear vendor", bytes(range(256)) * 20, b"\x00" * 400, b"ISA*00*"])
def test_what_is_no_sample_is_a_problem_and_no_crash(content: bytes) -> None:
    found = infer_profile({"x.edi": content})
    assert (found.their_id, found.sets, len(found.problems)) == ("", {}, 1)
    assert sets_in([content], "850") == []


def test_every_bad_sample_of_the_corpus_is_looked_at_without_a_crash() -> None:
    for path in sorted((Path(__file__).parents[1] / "samples").rglob("*.edi")):
        assert infer_profile({path.name: path.read_bytes()}) is not None, path


def test_the_probe_sees_what_a_reader_looks_at() -> None:
    [tset] = sets_in([sample(PO)], "850")

    def nothing(tset: object) -> None:
        return None

    def beg_only(tset: object) -> None:
        for segment in tset.segments:  # type: ignore[attr-defined]
            if segment.id == "BEG":
                segment.get(3)

    unread, _ = unread_parts(tset, nothing)
    assert (unread["BEG"], unread["PO1"]) == (1, 1)
    unread, _ = unread_parts(tset, beg_only)
    assert (unread["BEG"], unread["BEG01"], unread["BEG03"], unread["BEG05"]) == (0, 1, 0, 1)
