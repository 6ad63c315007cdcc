"""A partner that answers with 999s settles what we sent as one that answers with 997s."""

from __future__ import annotations

import pytest

from edi.models import Document, OutboundFile
from edi.process.agreeing import agree_sets
from edi.seeds import partner_file
from exceptions.choices import CaseStatus
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(crestline: Post, catalogue: SandboxProcess) -> OutboundFile:
    """The 855 of an order, in 005010."""
    agree_sets(partner=crestline.partner, direction="out", set_ids=["855"], release="005010")
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-1"))
    return OutboundFile.objects.get(name__contains="_855")


def answer(post: Post, sent: OutboundFile, verdict: str, *details: list[str]) -> bytes:
    ours = sent.interchange.groups.get()
    body = [
        ["AK1", ours.functional_id, ours.control_number, "005010"],
        ["AK2", "855", ours.documents.get().control_number],
        *details,
        ["IK5", verdict, *(["5"] if verdict == "R" else [])],
        ["AK9", verdict, "1", "1", "0" if verdict == "R" else "1"],
    ]
    return partner_file(post.partner, 9001, "999", "FA", body)


def test_a_999_settles_group_and_document(crestline: Post, sent: OutboundFile) -> None:
    crestline.take(answer(crestline, sent, "A"))
    ours = sent.interchange.groups.get()
    assert (ours.ack_state, ours.documents.get().ack_state) == ("accepted", "accepted")
    assert Document.objects.get(set_id="999", direction="in").state == "settled"
    assert not Case.objects.exists()
    assert OutboundFile.objects.count() == 2, "no answer to an answer"


def test_a_999_that_rejects_is_one_case_with_the_partners_reasons(crestline: Post, sent: OutboundFile) -> None:
    details = [
        ["IK3", "PO1", "5", "", "8"],
        ["IK4", "3", "355", "7", "EA"],
        ["CTX", "SITUATIONAL TRIGGER", "PO1", "5", "", "2"],
    ]
    crestline.take(answer(crestline, sent, "R", *details))
    assert sent.interchange.groups.get().ack_state == "rejected"
    [case] = Case.objects.filter(status__in=CaseStatus.OPEN)
    assert case.kind == "edi.rejected_by_partner"
    assert case.data["sentences"] == ["Segment 5 (PO1), element 3: code 7, value 'EA'", "AK5 codes 5"]
