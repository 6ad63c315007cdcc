"""824s: what partners say of our documents, and what we say of theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edi.models import Document
from exceptions.choices import CaseStatus
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.process.money import agree, billed, take
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
Ship = Callable[[str], None]


@pytest.fixture
def sent(crestline: Post, catalogue: SandboxProcess, ship: Ship) -> Document:
    """Our 810 of an invoice."""
    invoice = billed(agree(crestline, "810"), ship)
    return Document.objects.get(direction="out", set_id="810", invoice=invoice)


def oti(document: Document, verdict: str) -> str:
    group = document.group
    assert group is not None
    return f"OTI*{verdict}*TN*X*****{group.control_number}*{document.control_number}*{document.set_id}"


def advise(post: Post, *rows: str) -> Document:
    return take(post, "824", "BGN*00*AA-1*20261203", *rows)


def open_cases() -> list[Case]:
    return list(Case.objects.filter(status__in=CaseStatus.OPEN))


def test_a_rejection_is_one_case_with_the_sentences_and_the_document_needs_a_person(
    crestline: Post, sent: Document
) -> None:
    rows = (oti(sent, "TR"), "TED*134*No such invoice*BIG*2*2**X", "NTE**CALL US")
    told = advise(crestline, *rows)
    sent.refresh_from_db()
    assert (told.state, sent.state, sent.ack_state) == ("settled", "failed", "expected")
    (case,) = open_cases()
    assert (case.kind, case.subject_id) == ("edi.refused_by_application", str(sent.pk))
    assert case.data["sentences"] == ["No such invoice, code 134, at BIG02 (segment 2), value 'X'", "CALL US"]
    assert sent.findings[0] == "824: not used by Crestline Home Centers"
    advise(crestline, *rows)
    (case,) = open_cases()
    assert case.occurrences == 2


@pytest.mark.parametrize(
    ("verdict", "word"), [("TA", "accepted"), ("TC", "accepted with changes"), ("TE", "accepted with errors")]
)
def test_an_acceptance_is_noted_and_opens_nothing(crestline: Post, sent: Document, verdict: str, word: str) -> None:
    advise(crestline, oti(sent, verdict), "TED*024*Late")
    sent.refresh_from_db()
    assert (sent.state, sent.findings) == (
        "settled", [f"824: {word} by Crestline Home Centers", "Late, code 024"],
    )  # fmt: skip
    assert open_cases() == []


def test_a_document_is_found_by_its_business_number_too(crestline: Post, sent: Document) -> None:
    assert sent.invoice is not None
    advise(crestline, f"OTI*TR*IV*{sent.invoice.number}")
    sent.refresh_from_db()
    assert sent.state == "failed"


def test_another_partners_document_is_not_touched(crestline: Post, brightway: Post, sent: Document) -> None:
    assert sent.invoice is not None
    told = advise(agree(brightway), oti(sent, "TR"), f"OTI*TR*IV*{sent.invoice.number}")
    sent.refresh_from_db()
    assert (sent.state, told.state) == ("built", "failed")
    assert [case.kind for case in open_cases()] == ["edi.unmatched_ack"]


def test_an_824_that_cannot_be_read_is_one_case(crestline: Post, sent: Document) -> None:
    told = advise(crestline, "OTI*NR*IV*1")
    assert told.state in ("failed", "invalid")
    assert len(open_cases()) == 1


def test_an_order_that_cannot_be_placed_is_told_by_824_to_those_who_take_it(
    crestline: Post, brightway: Post, catalogue: SandboxProcess
) -> None:
    for post in (agree(crestline, "824"), agree(brightway)):
        take(post, "850", "BEG*00*SA*CR-9**20261124", "PO1*1*0*EA*.42*PE*VN*FST-10001", "CTT*1")
    [body] = crestline.sets("824")
    assert next(row for row in body if row[0] == "OTI")[1:4] == ["TR", "PO", "CR-9"]
    assert [row[1:6] for row in body if row[0] == "TED"] == [
        ["024", "The order names no ship-to (N1*ST).".replace("*", " "), "N1", "2"],
        ["024", "The quantity '0' is not above zero.", "PO1", "3", "2"],
    ]
    assert brightway.sets("824") == []
    assert [case.kind for case in open_cases()] == ["edi.unreadable_order"] * 2
