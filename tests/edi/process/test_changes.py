"""860 in, 865 out, over a real ERP; and 850s that change an order, answered by 855."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models.functions import Now

from distportal.events.lineage import story
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.models import Document
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import ChangeRequest, Order
from orders.process.changes.deciding import resume_change
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, file_860, segments
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

BCH = "BCH*04*SA*CR-1**1*20261124*****20261125"
LINES = ("N1*ST**92*0117", "PO1*1*100*EA*.40*PE*VN*FST-10001", "PO1*2*24*EA*6.32*PE*VN*FST-10002", "CTT*2")
TWO_LINES = (("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"))


@pytest.fixture
def order(crestline: Post, catalogue: SandboxProcess) -> Order:
    """A confirmed order of two lines by EDI, its 855 sent."""
    crestline.take(crestline.order(*TWO_LINES, po="CR-1"))
    found = Order.objects.get()
    assert (found.status, len(crestline.sets("855"))) == ("confirmed", 1)
    return found


def held_by(erp: SandboxProcess, order: Order) -> dict[str, int]:
    [found] = erp.orders(f"NL-{order.number}")
    return {line["posex"]: line["quantity"] for line in found["lines"] if line["quantity"]}


def test_an_860_changes_the_order_and_is_answered_line_by_line(
    crestline: Post, catalogue: SandboxProcess, order: Order
) -> None:
    crestline.take(
        file_860(
            crestline, BCH, "POC*1*QD*60**EA", "POC*2*DI", "POC*3*AI*5**EA***VN*ELE-20002", "POC*9*QI*7**EA", "CTT*4"
        )
    )
    order.refresh_from_db()
    assert held_by(catalogue, order) == {"1": 60, "3": 5}
    [answer] = crestline.sets("865")
    [bca] = segments(answer, "BCA", upto=12)
    assert bca == ["04", "AC", "CR-1", "", "1", "20261124", "", "", str(order), bca[9], "20261125"]
    assert segments(answer, "POC", upto=4) == [["1", "QD", "60"], ["2", "DI", "0"], ["3", "AI", "5"], ["9", "QI", "0"]]
    assert segments(answer, "ACK") == [["IA", "60", "EA"], ["ID", "24", "EA"], ["IA", "5", "EA"], ["IR", "7", "EA"]]
    assert ["MSG", "The order has no line 9"] in answer
    came = Document.objects.get(set_id="860")
    assert (came.state, came.order_id) == ("settled", order.pk)
    assert (len(crestline.sets("855")), len(crestline.sets("997"))) == (1, 2)
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()
    titles = [step.title for step in story(order.correlation_id, internal=True)]
    assert f"Change 1 of {order}" in titles
    assert any(title.startswith("865") for title in titles)
    assert any(title.startswith("860") for title in titles)


def test_the_same_860_again_is_the_same_answer(crestline: Post, catalogue: SandboxProcess, order: Order) -> None:
    for _ in range(2):
        crestline.take(file_860(crestline, BCH, "POC*1*QD*60**EA", "CTT*1"))
    first, second = crestline.sets("865")
    assert first[2:-1] == second[2:-1]
    assert (ChangeRequest.objects.count(), held_by(catalogue, order)["1"]) == (1, 60)
    crestline.take(file_860(crestline, BCH, "POC*1*QD*10**EA", "CTT*1"))
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert case.kind == "order.change_conflict"
    assert (held_by(catalogue, order)["1"], len(crestline.sets("865"))) == (60, 2)
    assert Document.objects.filter(set_id="860").order_by("created_at").last().state == "failed"  # type: ignore[union-attr]


def test_a_cancellation_is_answered_and_nothing_is_shipped(
    crestline: Post, catalogue: SandboxProcess, order: Order
) -> None:
    crestline.take(file_860(crestline, "BCH*01*SA*CR-1**1*20261124"))
    order.refresh_from_db()
    assert (order.status, catalogue.orders(f"NL-{order.number}")) == ("cancelled", [])
    [answer] = crestline.sets("865")
    assert segments(answer, "BCA") == [["01", "AD", "CR-1"]]
    assert segments(answer, "ACK") == [["ID", "100", "EA"], ["ID", "24", "EA"]]
    assert (crestline.sets("856"), crestline.sets("810")) == ([], [])


def test_a_cancellation_after_everything_left_is_refused_with_the_reason(
    crestline: Post, order: Order, ship: Callable[[str], None]
) -> None:
    ship(order.erp_number)
    crestline.take(file_860(crestline, "BCH*01*SA*CR-1**1*20261124"))
    [answer] = crestline.sets("865")
    assert segments(answer, "BCA") == [["01", "RJ", "CR-1"]]
    assert ["MSG", f"{order}: everything has left already"] in answer
    assert segments(answer, "POC") == []


def test_a_held_change_is_answered_once_a_person_decided(
    crestline: Post, catalogue: SandboxProcess, order: Order
) -> None:
    crestline.take(file_860(crestline, BCH, "POC*1*PC****.01*PE", "CTT*1"))
    change = ChangeRequest.objects.get()
    assert (change.status, crestline.sets("865")) == ("held", [])
    resume_change(change_id=change.pk, insist=True)
    work_until_idle()
    [answer] = crestline.sets("865")
    assert segments(answer, "POC", upto=7) == [["1", "PC", "100", "100", "EA", "0.01"]]
    assert segments(answer, "ACK") == [["IA", "100", "EA"]]


def test_a_change_of_an_unknown_or_anothers_po_is_one_case(
    crestline: Post, brightway: Post, catalogue: SandboxProcess, order: Order
) -> None:
    brightway.take(file_860(brightway, BCH, "POC*1*DI", "CTT*1"))
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.code) == ("edi.unreadable_change", "unknown_order")
    assert case.sentence.endswith("no order with the PO number CR-1 is known")
    assert (ChangeRequest.objects.count(), brightway.sets("865")) == (0, [])
    assert held_by(catalogue, order) == {"1": 100, "2": 24}


def test_a_change_before_its_order_is_asked_again_by_an_agent_or_discarded(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    from edi.resolutions import discard_order, place_order_again

    for number in (1, 2):
        crestline.take(file_860(crestline, BCH.replace("**1*", f"**{number}*"), "POC*1*QD*60**EA", "CTT*1"))
    first, second = Case.objects.filter(status__in=CaseStatus.OPEN).order_by("number")
    discard_order(second, {}, "sent twice by mistake", None)  # type: ignore[arg-type]
    crestline.take(crestline.order(*TWO_LINES, po="CR-1"))
    place_order_again(first, {}, "", None)  # type: ignore[arg-type]
    work_until_idle()
    assert held_by(catalogue, Order.objects.get())["1"] == 60
    assert [d.state for d in Document.objects.filter(set_id="860").order_by("created_at")] == ["settled", "settled"]
    assert (ChangeRequest.objects.count(), len(crestline.sets("865"))) == (1, 1)
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_a_change_that_comes_with_its_order_waits_for_it(crestline: Post, catalogue: SandboxProcess) -> None:
    change, placed = file_860(crestline, BCH, "POC*1*QD*60**EA", "CTT*1"), crestline.order(*TWO_LINES, po="CR-1")
    crestline.take(change + placed)
    for _ in range(3):
        Job.objects.filter(state="ready").update(next_at=Now())
        work_until_idle()
    order = Order.objects.get()
    assert (held_by(catalogue, order)["1"], ChangeRequest.objects.get().status) == (60, "applied")
    assert not Case.objects.exists()


def test_an_unreadable_change_is_one_case_with_every_problem(crestline: Post, order: Order) -> None:
    crestline.take(file_860(crestline, BCH, "POC*1*QI", "POC*2*AI*1**EA", "CTT*2"))
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.code, len(case.data["problems"])) == ("edi.unreadable_change", "unreadable_change", 2)
    assert Document.objects.get(set_id="860").state == "failed"


def test_an_850_that_cancels_is_answered_by_an_855(crestline: Post, catalogue: SandboxProcess, order: Order) -> None:
    crestline.take(file_850(crestline, "BEG*01*SA*CR-1**20261124", *LINES))
    order.refresh_from_db()
    assert order.status == "cancelled"
    _, answer = crestline.sets("855")
    assert segments(answer, "BAK") == [["01", "AC", "CR-1"]]
    assert segments(answer, "ACK") == [["ID", "100", "EA"], ["ID", "24", "EA"]]
    crestline.take(file_850(crestline, "BEG*01*SA*CR-1**20261125", *LINES))
    answer = crestline.sets("855")[-1]
    assert segments(answer, "BAK") == [["01", "RJ", "CR-1"]]


def test_an_850_that_replaces_is_the_new_order(crestline: Post, catalogue: SandboxProcess, order: Order) -> None:
    rows = ("BEG*05*SA*CR-1**20261124", "N1*ST**92*0117", "PO1*2*12*EA*6.32*PE*VN*FST-10002",
            "PO1*7*3*EA***VN*ELE-20002", "CTT*2")  # fmt: skip
    crestline.take(file_850(crestline, *rows))
    order.refresh_from_db()
    assert (order.version, held_by(catalogue, order)) == (2, {"2": 12, "7": 3})
    answer = crestline.sets("855")[-1]
    assert segments(answer, "BAK") == [["05", "AC", "CR-1"]]
    assert [(p[0], a[0], a[1]) for p, a in zip(segments(answer, "PO1"), segments(answer, "ACK"), strict=True)] == [
        ("1", "ID", "100"),
        ("2", "IA", "12"),
        ("7", "IA", "3"),
    ]


def test_a_duplicate_is_never_a_second_order(crestline: Post, catalogue: SandboxProcess, order: Order) -> None:
    again = crestline.order(*TWO_LINES, po="CR-1").replace(b"BEG*00", b"BEG*07")
    crestline.take(again)
    assert Order.objects.count() == 1
    other = crestline.order(TWO_LINES[0], po="CR-1").replace(b"BEG*00", b"BEG*07")
    crestline.take(other)
    assert (Order.objects.count(), Case.objects.get().kind) == (1, "order.duplicate_po")
