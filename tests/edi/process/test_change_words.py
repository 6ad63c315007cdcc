"""An 860 speaks as its 850 did: in the partner's units and places, with item numbers that may name different items; and
what the policy takes instead of what was asked is told.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Max
from django.utils import timezone

from distportal.events.sweeper import work_until_idle
from edi.models import Document
from edi.process.change_answers import change_acknowledgment
from edi.process.order_options import order_options
from edi.process.reprocessing import preview_reprocessing
from edi.resolutions import place_order_again
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Item, StockLevel
from orders.choices import FindingAction
from orders.models import ChangeRequest, Order, RulePolicy
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, file_860, segments
from tests.mappings import mapped
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def day(days: int = 0) -> str:
    return f"{timezone.localdate() + dt.timedelta(days=days):%Y%m%d}"


def bch(number: int = 1) -> str:
    return f"BCH*04*SA*CR-1**{number}*{day()}*****{day()}"


def order_of(post: Post, *rows: str, unit: str = "EA") -> Order:
    lines = rows or (f"PO1*1*100*{unit}***VN*FST-10001", f"PO1*2*24*{unit}***VN*FST-10002")
    post.take(file_850(post, f"BEG*00*SA*CR-1**{day()}", "N1*ST**92*0117", *lines, "CTT*" + str(len(lines))))
    found = Order.objects.get()
    assert found.status == "confirmed", list(found.findings.values_list("message", flat=True))
    return found


def agree(post: Post, set_id: str, *qualifiers: str) -> None:
    agreement = post.partner.agreements.get(direction="in", set_id=set_id)
    agreement.options = {**agreement.options, "item_qualifiers": list(qualifiers)}
    agreement.save()


def swap() -> str:
    """The numbers of the new item of line 1 name two: UP the one, VN the other."""
    return f"POC*1*RE*10**EA***UP*{Item.objects.get(sku='FST-10005').upc}*VN*ELE-20002"


@pytest.mark.parametrize(("set_id", "sku"), [("850", "FST-10005"), ("860", "ELE-20002")])
def test_the_agreed_order_of_numbers_decides_a_changed_line_too(
    crestline: Post, catalogue: SandboxProcess, set_id: str, sku: str
) -> None:
    order = order_of(crestline)
    agree(crestline, "850", "UP", "VN")
    if set_id == "860":
        agree(crestline, "860", "VN", "UP")
    crestline.take(file_860(crestline, bch(), swap(), "CTT*1"))
    assert order.lines.get(line_no="1").item.sku == sku  # type: ignore[union-attr]
    came = Document.objects.get(set_id="860")
    [note] = came.findings
    assert note.endswith(f"By the agreed order of item numbers it is {sku}.")
    [answer] = crestline.sets("865")
    assert segments(answer, "ACK") == [["IA", "10", "EA"]]
    [line] = [row for row in answer if row[0] == "POC"]
    assert {"UP", "VN"} <= set(line), "both numbers go back to the buyer"
    assert preview_reprocessing(document_id=came.pk).differences == ()


def test_without_an_agreement_a_person_decides_and_the_change_goes_on(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    order = order_of(crestline)
    agree(crestline, "850")
    agree(crestline, "860")
    crestline.take(file_860(crestline, bch(), swap(), "POC*2*QD*12**EA", "CTT*2"))
    case = Case.objects.get()
    assert (case.code, ChangeRequest.objects.count(), crestline.sets("865")) == ("unclear_change", 0, [])
    assert "The numbers of line 1 name different items" in case.sentence
    assert [r.item.sku for r in order.lines.all() if r.item] == ["FST-10001", "FST-10002"]
    agree(crestline, "860", "VN")
    place_order_again(case, {}, "", None)  # type: ignore[arg-type]
    work_until_idle()
    assert [(r.item.sku, int(r.quantity)) for r in order.lines.all() if r.item] == [
        ("ELE-20002", 10),
        ("FST-10002", 12),
    ]
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_units_and_places_of_a_change_are_those_of_the_partner(crestline: Post, catalogue: SandboxProcess) -> None:
    mapped("partner:CRESTLINE", "unit", "UN", "EA")
    for theirs, ours in (("STORE-A", "0117"), ("STORE-B", "0233")):
        mapped("partner:CRESTLINE", "ship_to", theirs, ours)
    rows = (f"BEG*00*SA*CR-1**{day()}", "PO1*10*100*UN*.40*PE*VN*FST-10001", "SDQ*UN*92*STORE-A*40*STORE-B*60")
    crestline.take(file_850(crestline, *rows, "CTT*1"))
    change = ("POC*10*QD*90**UN", "SDQ*UN*92*STORE-A*40*STORE-B*50", "CTT*1")
    crestline.take(file_860(crestline, bch(), *change))
    assert {o.ship_to.code: o.lines.get().quantity for o in Order.objects.all() if o.ship_to} == {
        "0117": 40,
        "0233": 50,
    }
    [answer] = crestline.sets("865")
    assert [row[:6] for row in answer if row[0] == "POC"] == [["POC", "10", "QD", "90", "90", "UN"]]
    assert segments(answer, "ACK") == [["IA", "90", "UN"]]
    assert not Case.objects.exists()
    assert preview_reprocessing(document_id=Document.objects.get(set_id="860").pk).differences == ()


@pytest.mark.parametrize(("action", "quantity", "told"), [
    (FindingAction.ROUND_UP, "25", [["IQ", "36", "EA"]]),
    (FindingAction.ROUND_DOWN, "35", [["IQ", "24", "EA"], ["ID", "11", "EA"]]),
])  # fmt: skip
def test_what_the_policy_takes_of_a_changed_quantity_is_told(
    crestline: Post, catalogue: SandboxProcess, action: FindingAction, quantity: str, told: list[list[str]]
) -> None:
    RulePolicy.objects.create(account=None, code="quantity_multiple", action=action, data={})
    order = order_of(crestline, "PO1*1*48*EA***VN*FST-10006", "PO1*2*24*EA***VN*FST-10002")
    crestline.take(file_860(crestline, bch(), f"POC*1*CA*{quantity}**EA", "POC*2*QD*12**EA", "CTT*2"))
    assert [int(row.quantity) for row in order.lines.all()] == [int(told[0][1]), 12]
    [answer] = crestline.sets("865")
    assert segments(answer, "BCA") == [["04", "AC", "CR-1"]], "not all of it is as it was asked"
    assert segments(answer, "POC") == [["1", "CA", told[0][1]], ["2", "QD", "12"]], "what holds now"
    assert segments(answer, "ACK") == [*told, ["IA", "12", "EA"]]
    [text] = [row[1] for row in answer if row[0] == "MSG"]
    assert f"{quantity} EA of FST-10006 asked" in text
    assert f"{told[0][1]} EA are taken" in text


def test_a_schedule_and_its_change_are_compared_as_they_were_taken(crestline: Post, catalogue: SandboxProcess) -> None:
    order = order_of(
        crestline, "PO1*1*100*EA***VN*FST-10001", f"SCH*40*EA***002*{day(7)}", f"SCH*60*EA***002*{day(21)}"
    )
    change = (
        "POC*1*RQ*90**EA",
        f"SCH*40*EA***002*{day(7)}",
        f"SCH*30*EA***002*{day(21)}",
        f"SCH*20*EA***002*{day(28)}",
    )
    crestline.take(file_860(crestline, bch(), *change, "CTT*1"))
    order.refresh_from_db()
    assert (order.version, order.lines.count()) == (2, 3)
    for document in Document.objects.filter(direction="in"):
        preview = preview_reprocessing(document_id=document.pk)
        assert (preview.compared, preview.differences) == (True, ())
    asked = ChangeRequest.objects.get()
    asked.canonical["lines"][0]["quantity"] = "41"
    asked.save(update_fields=["canonical"])
    [found] = preview_reprocessing(document_id=Document.objects.get(set_id="860").pk).differences
    assert (found.path, found.before, found.now) == ("lines[1].quantity", "41", "40")


@pytest.mark.parametrize("exact", [True, False])
def test_an_answer_to_a_change_says_more_exactly_what_happens_where_that_was_agreed(
    crestline: Post, catalogue: SandboxProcess, exact: bool
) -> None:
    agreement = crestline.partner.agreements.get(direction="in", set_id="850")
    agreement.options = {**agreement.options, "exact_codes": exact}
    agreement.save()
    order = order_of(crestline)
    there = int(StockLevel.objects.filter(item__sku="FST-10001").aggregate(most=Max("available"))["most"])
    wanted = there + 2000
    crestline.take(file_860(crestline, bch(), f"POC*1*QI*{wanted}**EA", "POC*2*QD*12**EA", "CTT*2"))
    comes = int(order.lines.get(line_no="1").confirmed_quantity)
    assert 0 < comes < wanted, "the ERP has a part of it"
    [answer] = crestline.sets("865")
    assert segments(answer, "ACK") == [
        ["BP" if exact else "IA", str(comes), "EA"],
        ["IB", str(wanted - comes), "EA"],
        ["IA", "12", "EA"],
    ]
    order.lines.update(promised_on=None)  # the ERP knows no day
    told = change_acknowledgment(list(ChangeRequest.objects.all()), options=order_options(crestline.partner))
    codes = [status.code for line in told.lines for status in line.statuses]
    assert codes == (["BP", "IB", "SP"] if exact else ["IA", "IB", "IA"])
