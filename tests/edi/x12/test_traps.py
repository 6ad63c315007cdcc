"""The eighteen known traps of pyx12, each shut by a layer of ours."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest

import edi.x12.validate
from edi.documents.po850 import read_850
from edi.x12.acks import group_verdict, render_997
from edi.x12.map_cache import load_map
from edi.x12.tokens import Delimiters, split_interchanges
from edi.x12.validate import validate_set
from edi.x12.verdicts import SetVerdict
from edi.x12.writer import OutEnvelope, OutSet, render_interchange
from tests.edi.x12.texts import BODY_850, file_850, group, interchange, read, read_one, set_of, tset, with_body


def verdict_of(text: str) -> SetVerdict:
    return validate_set(set_of(text))


def elements_of(verdict: SetVerdict) -> list[tuple[str, int, int, str, str]]:
    return [(e.segment, e.position, x.position, x.code, x.value) for e in verdict.errors for x in e.elements]


def body_997(text: str) -> list[list[str]]:
    only = read_one(text).groups[0]
    return render_997(only, [validate_set(s) for s in only.sets])


def test_trap_01_a_set_of_another_group_is_refused_not_dropped() -> None:
    text = interchange(group(tset("BAK*00*AD*PO1*20261123", set_id="855"), tset(number="0002")))
    assert body_997(text) == [
        ["AK1", "PO", "1"],
        ["AK2", "855", "0001"],
        ["AK5", "R", "6"],
        ["AK2", "850", "0002"],
        ["AK5", "A"],
        ["AK9", "P", "2", "2", "1"],
    ]


def test_trap_02_an_empty_segment_does_not_end_the_reading() -> None:
    found = read_one(file_850().replace("~PO1", "~~~PO1"))
    assert found.notes == ["2 empty segments were skipped."]
    assert validate_set(found.groups[0].sets[0]).verdict == "A"


def test_trap_03_an_interchange_without_groups_or_with_sets_outside_of_one_is_refused() -> None:
    assert read_one(interchange()).ta1_code == "024"
    found = read_one(interchange().replace("~IEA*0", "~" + tset() + "IEA*0"))
    assert found.ta1_code == "024"
    assert "outside of any group" in found.findings[0].text


def test_trap_04_each_interchange_of_a_file_keeps_its_own_sender() -> None:
    other = interchange(group(tset(), number="77"), number="000000002").replace("RETAILER ", "OTHERSHOP")
    one, two = read(file_850() + "\r\n" + other)
    assert [(i.sender, i.groups[0].control_number) for i in (one, two)] == [("RETAILER", "1"), ("OTHERSHOP", "77")]


def test_trap_05_a_wrong_first_code_is_an_element_error_not_an_unknown_segment() -> None:
    verdict = verdict_of(with_body(BODY_850[0], "BEG*99*SA*PO-1001**20261123"))
    assert [(e.segment, e.code) for e in verdict.errors] == [("BEG", "8")]
    assert elements_of(verdict) == [("BEG", 2, 1, "7", "99")]


def test_trap_06_a_005010_order_gets_a_997_with_the_release() -> None:
    text = interchange(group(tset(), version="005010VICS"), version="00501", standard="^")
    assert body_997(text) == [
        ["AK1", "PO", "1", "005010VICS"],
        ["AK2", "850", "0001"],
        ["AK5", "A"],
        ["AK9", "A", "1", "1", "1"],
    ]


def test_trap_07_control_numbers_and_delimiters_of_our_997_are_given_not_guessed() -> None:
    envelope = OutEnvelope(
        sender_qualifier="ZZ",
        sender="NORTHLINE",
        receiver_qualifier="ZZ",
        receiver="RETAILER",
        control_number=42,
        group_sender="NORTH",
        group_receiver="RETAIL",
        group_control_number=43,
        functional_id="FA",
        at=dt.datetime(2026, 11, 23, 12, 5, tzinfo=dt.UTC),
        version="004010VICS",
        delimiters=Delimiters("|", ":", "\n"),
    )
    first = render_interchange(envelope, [OutSet("997", "0044", body_997(file_850()))])
    (found,) = read(first.decode())
    assert (found.control_number, found.groups[0].control_number) == ("000000042", "43")
    assert (found.groups[0].version, found.delimiters.element, found.findings) == ("004010VICS", "|", [])
    assert first == render_interchange(envelope, [OutSet("997", "0044", body_997(file_850()))])


def test_trap_08_partial_and_noted_verdicts_and_conditional_codes_are_sent() -> None:
    bad = tset(*BODY_850[:7], "PO1*1*12*EA*9.95*PE*UP", *BODY_850[8:], number="0002")
    assert body_997(interchange(group(tset(), bad)))[3:] == [
        ["AK2", "850", "0002"],
        ["AK3", "PO1", "9", "", "8"],
        ["AK4", "7", "234", "2", ""],
        ["AK5", "R", "5"],
        ["AK9", "P", "2", "2", "1"],
    ]
    too_many = with_body(BODY_850[1], "CUR*BY*USD" + "*" * 20 + "X")
    assert elements_of(verdict_of(too_many))[0][2:4] == (22, "3")
    both = with_body(BODY_850[8], "MEA**WT*1*LB****04~PID*F*08***HEX BOLT")
    assert elements_of(verdict_of(both)) == [("MEA", 10, 3, "10", "1")]
    lenient = validate_set(set_of(with_body(BODY_850[2], "REF*DP*" + "9" * 31)), lenient=frozenset({"5"}))
    assert (lenient.verdict, lenient.accepted, lenient.codes) == ("E", True, ())
    only = read_one(file_850()).groups[0]
    assert group_verdict(only, [lenient]).verdict == "E"


def test_trap_09_hierarchy_errors_reach_the_997() -> None:
    body = (
        "BSN*00*S1*20261123*1200*0001",
        "HL*1**S*1",
        "HL*3*1*O*1",
        "PRF*PO-1",
        "HL*3*9*I*0",
        "LIN*1*UP*012345678905",
        "SN1*1*5*EA",
    )
    text = interchange(group(tset(*body, set_id="856"), functional_id="SH"))
    assert body_997(text)[1:-1] == [
        ["AK2", "856", "0001"],
        ["AK3", "HL", "4", "", "8"],
        ["AK4", "1", "628", "7", "3"],
        ["AK4", "4", "736", "7", "1"],
        ["AK3", "HL", "6", "", "8"],
        ["AK4", "2", "734", "7", "9"],
        ["AK5", "R", "5"],
    ]


def test_trap_10_a_broken_engine_rejects_one_set_and_nothing_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    composite = with_body(BODY_850[2], "REF*DP*099**A>B>C>D>E>F>G>H>I")
    assert [e[:4] for e in elements_of(verdict_of(composite))] == [("REF", 4, 4, "3")]

    def broken(*args: Any) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr(edi.x12.validate, "prove_clean", broken)
    verdict = verdict_of(file_850())
    assert (verdict.verdict, verdict.codes) == ("R", ("5",))
    assert "IndexError" in verdict.failure
    assert verdict.sentences == [verdict.failure]


def test_trap_11_other_interchange_versions_and_a_byte_order_mark_are_read() -> None:
    bom = b"\xef\xbb\xbf".decode("latin-1")
    found = read_one(bom + "\n" + interchange(group(tset()), version="00400"))
    assert found.findings == []
    assert validate_set(found.groups[0].sets[0]).verdict == "A"
    assert "ISA12 is 00400; the release of each group (GS08) decides." in found.notes


def test_trap_12_a_repetition_separator_in_data_is_found() -> None:
    rows = [row.replace("FST-10001", "FST^10001") for row in BODY_850]
    text = interchange(group(tset(*rows), version="005010"), version="00501", standard="^")
    assert elements_of(verdict_of(text)) == [("PO1", 9, 9, "12", "FST^10001")]


@pytest.mark.parametrize(("value", "good"), [("D8*202", False), ("D8*20261201", True), ("RD8*20261201-2026", False)])
def test_trap_13_a_formatted_date_is_judged_by_its_format(value: str, good: bool) -> None:
    verdict = verdict_of(with_body(BODY_850[3], f"DTM*010****{value}"))
    assert verdict.accepted is good
    assert [e[2:4] for e in elements_of(verdict)] == ([] if good else [(6, "8")])


def test_trap_14_trailing_garbage_is_not_charged_to_the_last_set() -> None:
    found = read_one(file_850() + "\r\n%%% end of file %%%")
    assert validate_set(found.groups[0].sets[0]).verdict == "A"
    assert found.notes == ["19 characters after the IEA were ignored."]


def test_trap_15_accents_in_text_are_read_but_not_in_codes() -> None:
    assert verdict_of(with_body(BODY_850[8], "PID*F*08***ÉCROU ^ `8`")).verdict == "A"
    assert elements_of(verdict_of(with_body(BODY_850[1], "CUR*BY*ÜSD")))[0][2:4] == (2, "6")
    assert elements_of(verdict_of(with_body(BODY_850[8], "PID*F*08***BOLT\x07")))[0][2:4] == (5, "6")


@pytest.mark.parametrize("release", ["004010", "005010"])
@pytest.mark.parametrize("set_id", ["850", "855", "856", "810", "997"])
def test_trap_16_every_loop_of_a_map_has_its_own_id(release: str, set_id: str) -> None:
    nodes = [n for n in load_map(release, set_id).loop_segment_iterator() if not n.is_map_root()]
    loops = [n.id for n in nodes if n.is_loop()]
    assert len(loops) == len(set(loops))
    keys = [(n.id, n.parent.id) for n in nodes]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("number", "good"), [("5.", False), ("+5", False), ("1E3", False), (".5", True), ("5.50", True), ("-5", True)]
)
def test_trap_17_number_forms_are_judged_and_trailing_separators_are_tolerated(number: str, good: bool) -> None:
    verdict = verdict_of(with_body(BODY_850[7], f"PO1*1*{number}*EA*9.95*PE*UP*012345678905"))
    assert verdict.accepted is good
    assert [e[2:4] for e in elements_of(verdict)] == ([] if good else [(2, "6")])
    assert verdict_of(file_850().replace("*IL*62701*US~", "*IL*62701*US******~")).verdict == "A"


def test_trap_18_nothing_is_opened_per_document_and_threads_share_the_maps() -> None:
    results: list[str] = []

    def work() -> None:
        for _ in range(5):
            results.append(verdict_of(file_850()).verdict)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["A"] * 20
    assert load_map("004010", "850") is load_map("004010", "850")
    assert len(split_interchanges(file_850().encode())) == 1
    assert read_850(set_of(file_850()), account="D1").order.po_number == "PO-1001"
