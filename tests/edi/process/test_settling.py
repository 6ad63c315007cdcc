"""What partners say of what we sent."""

from __future__ import annotations

import pytest

from edi.models import Document, FunctionalGroup, OutboundFile
from edi.process.watching import watch_acks
from edi.resolutions import send_bytes_again, send_file_again
from exceptions.choices import CaseStatus
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.process.texts import group, isa
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(crestline: Post, catalogue: SandboxProcess) -> OutboundFile:
    """The 855 of an order."""
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-1"))
    return OutboundFile.objects.get(name__contains="_855")


def told(sent: OutboundFile) -> tuple[str, str]:
    ours = sent.interchange.groups.get()
    return ours.ack_state, ours.documents.get().ack_state


def only_case() -> Case:
    [case] = Case.objects.filter(status__in=CaseStatus.OPEN)
    return case


def test_what_was_sent_waits_for_its_997(sent: OutboundFile) -> None:
    assert told(sent) == ("expected", "expected")
    assert FunctionalGroup.objects.filter(functional_id="FA").get().ack_state == "none"


@pytest.mark.parametrize(("verdict", "state"), [("A", "accepted"), ("E", "with_errors")])
def test_a_997_settles_group_and_document(crestline: Post, sent: OutboundFile, verdict: str, state: str) -> None:
    crestline.take(crestline.acknowledge(sent, verdict))
    assert told(sent) == (state, state)
    assert Document.objects.get(set_id="997", direction="in").state == "settled"
    assert not Case.objects.exists()
    assert OutboundFile.objects.count() == 2, "no answer to an answer"


def test_a_rejection_is_one_case_with_the_partners_reasons_and_can_be_sent_again(
    crestline: Post, sent: OutboundFile
) -> None:
    details = [["AK3", "PO1", "5", "", "8"], ["AK4", "3", "355", "7", "EA"]]
    crestline.take(crestline.acknowledge(sent, "R", *details))
    assert told(sent) == ("rejected", "rejected")
    case = only_case()
    document = sent.interchange.groups.get().documents.get()
    assert (case.kind, case.subject_id) == ("edi.rejected_by_partner", str(document.pk))
    assert case.data["sentences"] == ["Segment 5 (PO1), element 3: code 7, value 'EA'", "AK5 codes 5"]
    crestline.take(crestline.acknowledge(sent, "R", *details))
    assert only_case().occurrences == 2

    from distportal.events.sweeper import work_until_idle

    send_bytes_again(case, {}, "they corrected their unit table", None)  # type: ignore[arg-type]
    work_until_idle()
    sent.refresh_from_db()
    assert (sent.times_sent, crestline.fetched()[sent.name]) == (2, bytes(sent.content))


def test_a_partly_accepted_group_settles_what_it_does_not_name_as_accepted(crestline: Post, sent: OutboundFile) -> None:
    ours = sent.interchange.groups.get()
    text = f"ST*997*0001~AK1*PR*{ours.control_number}~AK9*P*2*2*1~SE*4*0001~"
    crestline.take((isa("000008001") + group(text, functional_id="FA") + "IEA*1*000008001~").encode())
    assert told(sent) == ("with_errors", "accepted")


def test_a_997_for_what_we_never_sent_is_one_case(crestline: Post, sent: OutboundFile) -> None:
    text = "ST*997*0001~AK1*PR*4711~AK9*A*1*1*1~SE*4*0001~"
    crestline.take((isa("000008002") + group(text, functional_id="FA") + "IEA*1*000008002~").encode())
    case = only_case()
    assert (case.kind, case.sentence) == (
        "edi.unmatched_ack",
        "An acknowledgment of Crestline Home Centers settles nothing: we sent no group PR 4711",
    )
    assert told(sent) == ("expected", "expected")


def test_a_997_of_another_partner_settles_nothing_of_this_one(
    crestline: Post, brightway: Post, sent: OutboundFile
) -> None:
    ours = sent.interchange.groups.get()
    text = f"ST*997*0001~AK1*PR*{ours.control_number}~AK9*R*1*1*0~SE*4*0001~"
    head = isa("000008003", sender="BRIGHTWAY")
    brightway.take((head + group(text, functional_id="FA") + "IEA*1*000008003~").encode())
    assert told(sent) == ("expected", "expected")
    assert only_case().kind == "edi.unmatched_ack"


def test_a_ta1_that_refuses_our_interchange_rejects_all_in_it(crestline: Post, sent: OutboundFile) -> None:
    number = sent.interchange.control_number
    crestline.take(f"{isa('000008004')}TA1*{number}*261124*1200*R*020~IEA*0*000008004~".encode())
    assert told(sent) == ("rejected", "rejected")
    assert only_case().data["sentences"] == ["The whole interchange was refused (TA105 020)."]
    assert OutboundFile.objects.count() == 2, "a TA1 is never answered"


def test_a_ta1_that_accepts_leaves_the_997_to_come(crestline: Post, sent: OutboundFile) -> None:
    number = sent.interchange.control_number
    crestline.take(f"{isa('000008005')}TA1*{number}*261124*1200*A*000~IEA*0*000008005~".encode())
    assert told(sent) == ("expected", "expected")
    assert not Case.objects.exists()


def test_an_acknowledged_interchange_is_answered_where_it_asks_for_it(crestline: Post, sent: OutboundFile) -> None:
    content = crestline.order(("FST-10001", "10", "0.42"), po="CR-2").replace(b"*0*P*>", b"*1*P*>")
    crestline.take(content)
    [answer] = Document.objects.filter(set_id="TA1")
    assert answer.segments[0][4:] == ["A", "000"]
    assert answer.sent_at is not None


def test_a_997_that_does_not_come_is_one_case_until_it_comes(crestline: Post, sent: OutboundFile) -> None:
    assert watch_acks() == 0
    OutboundFile.objects.update(sent_at="2026-01-01T00:00Z")
    assert (watch_acks(), watch_acks()) == (1, 0), "the 855 is overdue, the 997 we sent needs no answer"
    case = only_case()
    assert (case.kind, case.subject_id) == ("edi.ack_overdue", str(sent.interchange_id))
    assert send_file_again(case, {}, "", None) == f"{sent.name} will be sent again"  # type: ignore[arg-type]
    crestline.take(crestline.acknowledge(sent))
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("resolved", "by_event")
    assert watch_acks() == 0
