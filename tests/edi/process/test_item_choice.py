"""Numbers of a line that name different items: the agreed order decides with a note; without one a person does."""

from __future__ import annotations

import pytest

from distportal.events.sweeper import work_until_idle
from edi.models import Document
from edi.process.agreeing import check_options
from edi.resolutions import place_order_again
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Item
from orders.models import Order
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def agree(post: Post, *qualifiers: str) -> None:
    agreement = post.partner.agreements.get(direction="in", set_id="850")
    agreement.options = {**agreement.options, "item_qualifiers": list(qualifiers)}
    check_options(agreement.options)
    agreement.save()


def rows(quantity: str = "100") -> tuple[str, ...]:
    """VN names FST-10001, UP the UPC of FST-10002."""
    upc = Item.objects.get(sku="FST-10002").upc
    line = f"PO1*1*{quantity}*EA***UP*{upc}*VN*FST-10001"
    return ("BEG*00*SA*CR-1**20261124", "N1*ST**92*0117", line, "CTT*1")


@pytest.mark.parametrize(("order", "sku"), [(("VN", "UP"), "FST-10001"), (("UP", "VN"), "FST-10002")])
def test_the_agreed_order_decides_and_says_so(
    crestline: Post, catalogue: SandboxProcess, order: tuple[str, ...], sku: str
) -> None:
    agree(crestline, *order)
    crestline.take(file_850(crestline, *rows()))
    placed = Order.objects.get()
    assert (placed.status, placed.lines.get().item.sku) == ("confirmed", sku)  # type: ignore[union-attr]
    [note] = Document.objects.get(direction="in").findings
    assert note.startswith("The numbers of line 1 name different items: UP ")
    assert note.endswith(f"By the agreed order of item numbers it is {sku}.")
    [answer] = crestline.sets("855")
    [line] = [row for row in answer if row[0] == "PO1"]
    assert {"UP", "VN"} <= set(line[6::2]), "both numbers go back to the buyer"
    assert next(row[1] for row in answer if row[0] == "ACK") == "IA", "what was agreed is no substitute"
    assert not Case.objects.exists()


def test_without_an_order_a_person_decides_and_the_work_goes_on_from_there(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    agree(crestline)
    crestline.take(file_850(crestline, *rows()))
    case = Case.objects.get()
    assert (case.kind, Order.objects.count(), crestline.sets("855")) == ("edi.unreadable_order", 0, [])
    assert "name different items: UP" in case.sentence
    agree(crestline, "VN")
    place_order_again(case, {}, "", None)  # type: ignore[arg-type]
    work_until_idle()
    assert Order.objects.get().lines.get().item.sku == "FST-10001"  # type: ignore[union-attr]
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_numbers_that_agree_or_name_nothing_need_no_order(crestline: Post, catalogue: SandboxProcess) -> None:
    upc = Item.objects.get(sku="FST-10001").upc
    line = f"PO1*1*100*EA***UP*{upc}*VN*FST-10001*SK*77-NOBODY*BO*FST-10002"
    crestline.take(file_850(crestline, "BEG*00*SA*CR-1**20261124", "N1*ST**92*0117", line, "CTT*1"))
    assert Order.objects.get().status == "confirmed"
    assert (Document.objects.get(direction="in").findings, Case.objects.count()) == ([], 0)
