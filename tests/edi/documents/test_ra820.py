"""820 -> canonical remittance: what adds up, whichever sign a partner writes, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from edi.documents.ra820 import Mapped820, read_820
from edi.documents.values import Imbalance
from edi.x12.errors import MappingError, Problem
from tests.edi.x12.texts import group, interchange, set_of, tset

HEAD = ("BPR*C*100*C*ACH************20261202", "TRN*1*T-1", "ENT*1")


def mapped(*rows: str) -> Mapped820:
    return read_820(set_of(interchange(group(tset(*rows, set_id="820"), functional_id="RA"))), account="D-100")


def problems(*rows: str) -> list[Problem]:
    with pytest.raises(MappingError) as caught:
        mapped(*rows)
    return list(caught.value.problems)


def test_a_payment_that_does_not_add_up_is_told_with_all_three_sums() -> None:
    (only,) = problems(*HEAD, "ADX*-5*01", "RMR*IV*1**90*90")
    assert isinstance(only, Imbalance)
    assert str(only) == (
        "BPR02 (segment 2): BPR02 is 100, the lines pay 90 and the adjustments beside them are -5. "
        "They do not add up, so nothing was applied."
    )


@pytest.mark.parametrize(("written", "noted"), [("-10", 0), ("10", 1)])
def test_adjustments_beside_the_lines_are_deductions_whichever_sign_adds_up(written: str, noted: int) -> None:
    found = mapped(*HEAD, f"ADX*{written}*04", "RMR*IV*1**110*110")
    assert found.remittance is not None
    assert [(a.amount, a.reason) for a in found.remittance.adjustments] == [(Decimal(-10), "04")]
    assert len(found.notes) == noted


def test_adjustments_within_a_line_explain_it_and_do_not_count_twice() -> None:
    found = mapped(*HEAD, "RMR*IV*1**100*120**06*-12", "ADX*-8*01").remittance
    assert found is not None
    (line,) = found.lines
    assert [(a.amount, a.reason) for a in line.adjustments] == [(Decimal(-12), "06"), (Decimal(-8), "01")]
    assert found.adjustments == ()


def test_a_remittance_without_lines_does_not_add_up() -> None:
    (only,) = problems(*HEAD)
    assert "the lines pay 0" in only.sentence


@pytest.mark.parametrize("head", ["BPR*P*0*C*NON", "BPR*H*500*C*NON", "BPR*I*0*C*NON"])
def test_what_announces_no_money_is_a_note(head: str) -> None:
    found = mapped(head, "TRN*1*T-1")
    assert found.remittance is None
    assert len(found.notes) == 1


def test_a_debit_a_missing_trace_and_a_missing_date_are_told_at_once() -> None:
    told = {(p.segment, p.element) for p in problems("BPR*C*100*D*ACH", "ENT*1", "RMR*IV*1**100*100")}
    assert told == {("BPR", 3), ("TRN", 0), ("BPR", 16)}


def test_the_settlement_date_stands_in_for_bpr16() -> None:
    found = mapped("BPR*C*1*C*CHK", "TRN*1*T-1", "DTM*020*20261205", "ENT*1", "RMR*IV*1**1*1").remittance
    assert found is not None
    assert found.paid_on.isoformat() == "2026-12-05"


def test_amounts_that_are_no_numbers_are_told_with_their_place() -> None:
    rows = ("RMR*IV*1***100", "RMR*IV*2**1,5")
    assert [(p.segment, p.position, p.element) for p in problems(*HEAD, *rows)] == [("RMR", 5, 4), ("RMR", 6, 4)]


def test_numbers_of_other_kinds_are_kept_and_matched_to_nothing() -> None:
    found = mapped(*HEAD, "RMR*BM*77**60", "RMR*CM*8**-10", "RMR*PO*9**50").remittance
    assert found is not None
    assert [(line.kind, line.number) for line in found.lines] == [("other", "77"), ("credit_memo", "8"), ("po", "9")]


@pytest.mark.parametrize("amount", ["1.005", "1000000000000"])
def test_parts_of_cents_and_sums_beyond_measure_are_told(amount: str) -> None:
    told = problems(f"BPR*C*{amount}*C*ACH************20261202", "TRN*1*T", "ENT*1", f"RMR*IV*1**{amount}")
    assert [(p.segment, p.element) for p in told] == [("BPR", 2), ("RMR", 4)]
