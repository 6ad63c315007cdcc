"""A change that waits for a person: told as on hold where the agreement says so, then answered in full."""

from __future__ import annotations

import pytest

from distportal.events.sweeper import work_until_idle
from edi.models import Document
from orders.models import ChangeRequest, Order
from orders.process.changes.deciding import refuse_held_change, resume_change
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, file_860, segments
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

CHANGE = ("BCH*04*SA*CR-1**1*20261124*****20261125", "POC*1*PC****.01*PE", "POC*2*QD*12**EA", "CTT*2")
TWO_LINES = (("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"))


@pytest.fixture
def order(crestline: Post, catalogue: SandboxProcess) -> Order:
    """A confirmed order of two lines by EDI."""
    crestline.take(crestline.order(*TWO_LINES, po="CR-1"))
    found = Order.objects.get()
    assert found.status == "confirmed"
    return found


def agree(post: Post, how: str) -> None:
    """The partner wants held changes told in this way."""
    agreement = post.partner.agreements.get(direction="in", set_id="850")
    agreement.options = {**agreement.options, "tell_held_change": how}
    agreement.save()


def test_the_lines_are_on_hold_and_answered_when_a_person_decided(crestline: Post, order: Order) -> None:
    agree(crestline, "lines")
    crestline.take(file_860(crestline, *CHANGE))
    change = ChangeRequest.objects.get()
    assert change.status == "held"
    [first] = crestline.sets("865")
    assert segments(first, "BCA") == [["04", "AH", "CR-1"]]
    assert segments(first, "POC") == [["1", "PC", "100"], ["2", "QD", "24"]], "what holds until it is decided"
    assert segments(first, "ACK") == [["IH", "100", "EA"], ["IH", "12", "EA"]]
    assert ["MSG", change.reason] in first
    resume_change(change_id=change.pk, insist=False)
    work_until_idle()
    assert len(crestline.sets("865")) == 1, "held once more it is told no second time"
    resume_change(change_id=change.pk, insist=True)
    work_until_idle()
    _, second = crestline.sets("865")
    assert segments(second, "BCA") == [["04", "AD", "CR-1"]]
    assert segments(second, "ACK") == [["IA", "100", "EA"], ["IA", "12", "EA"]]
    assert Document.objects.filter(set_id="865").count() == 2


def test_the_header_alone_then_the_refusal(crestline: Post, order: Order) -> None:
    agree(crestline, "header")
    crestline.take(file_860(crestline, *CHANGE))
    [first] = crestline.sets("865")
    assert (segments(first, "BCA"), segments(first, "POC"), segments(first, "ACK")) == ([["04", "AH", "CR-1"]], [], [])
    assert ["CTT", "0"] in first
    crestline.take(file_860(crestline, *CHANGE))
    assert [segments(a, "BCA", upto=3) for a in crestline.sets("865")] == [[["04", "AH"]]] * 2, "each 860 is answered"
    refuse_held_change(change_id=ChangeRequest.objects.get().pk, reason="The contract says 0.40")
    work_until_idle()
    answers = crestline.sets("865")[2:]
    assert [segments(a, "BCA") for a in answers] == [[["04", "RD", "CR-1"]]] * 2
    assert all(["MSG", "The contract says 0.40"] in a for a in answers)


def test_without_such_an_agreement_nothing_is_said_before_it_is_decided(crestline: Post, order: Order) -> None:
    crestline.take(file_860(crestline, *CHANGE))
    assert (ChangeRequest.objects.get().status, crestline.sets("865")) == ("held", [])


def test_an_850_that_changes_is_told_by_the_header_of_an_855(crestline: Post, order: Order) -> None:
    agree(crestline, "lines")
    rows = ("BEG*04*SA*CR-1**20261124", "N1*ST**92*0117", "PO1*1*100*EA*.01*PE*VN*FST-10001", "CTT*1")
    crestline.take(file_850(crestline, *rows))
    change = ChangeRequest.objects.get()
    _, told = crestline.sets("855")
    assert (segments(told, "BAK"), segments(told, "PO1")) == ([["04", "AH", "CR-1"]], [])
    assert ["MSG", change.reason] in told
    resume_change(change_id=change.pk, insist=True)
    work_until_idle()
    _, _, last = crestline.sets("855")
    assert segments(last, "BAK")[0][0] == "04"
    assert segments(last, "ACK", upto=3)[0] == ["IA", "100"]
