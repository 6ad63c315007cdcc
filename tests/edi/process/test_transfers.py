"""943 out and 944 in: what was sent to a warehouse against what it received."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
from decimal import Decimal

import pytest
from django.urls import reverse

from distportal.canonical.parts import Address, ItemId
from distportal.canonical.warehouse import StockTransfer, WarehouseLine
from distportal.events.sweeper import work_until_idle
from edi.errors import TransferChanged
from edi.models import Document, TransferReceipt, WarehouseLink
from edi.models import StockTransfer as Announced
from edi.process.transfers import announce_transfer
from edi.seeds import seed_other
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements
from exceptions.choices import CaseStatus
from exceptions.models import Case
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post

pytestmark = pytest.mark.django_db


def goods(line_no: str, sku: str, quantity: int) -> WarehouseLine:
    items = (ItemId(qualifier="sku", value=sku),)
    return WarehouseLine(line_no=line_no, items=items, quantity=Decimal(quantity), unit="EA")


TRANSFER = StockTransfer(
    number="TR-1",
    shipped_on=dt.date(2026, 11, 24),
    ship_from=Address(code="DAYTON", name="Dayton"),
    warehouse=Address(code="RENO", name="Reno"),
    lines=(goods("1", "FST-10001", 100), goods("2", "FST-10002", 24)),
)


@pytest.fixture
def link(reno: Post) -> WarehouseLink:
    return WarehouseLink.objects.get(warehouse__code="RENO")


def receipt(
    *lines: tuple[str, str], number: str = "R-1", transfer: str = "TR-1", more: list[Elements] | None = None
) -> list[Elements]:
    rows: list[Elements] = [["W17", "F", "20261128", number, transfer]]
    rows += [["W07", quantity, "EA", "", "VN", sku] for sku, quantity in lines]
    return [*rows, *(more or []), ["W14", "1"]]


ALL = (("FST-10001", "100"), ("FST-10002", "24"))


def cases() -> list[Case]:
    return list(Case.objects.filter(status__in=CaseStatus.OPEN))


def test_a_transfer_is_announced_once_and_its_number_is_its_own(link: WarehouseLink, reno: Post) -> None:
    first = announce_transfer(link=link, transfer=TRANSFER)
    assert announce_transfer(link=link, transfer=TRANSFER).pk == first.pk
    assert Document.objects.filter(set_id="943").count() == 1
    with pytest.raises(TransferChanged, match="Use another number"):
        announce_transfer(link=link, transfer=dataclasses.replace(TRANSFER, lines=TRANSFER.lines[:1]))
    with pytest.raises(WriteError, match="no lines"):
        announce_transfer(link=link, transfer=dataclasses.replace(TRANSFER, number="TR-2", lines=()))
    assert Announced.objects.count() == 1


def test_everything_received_closes_it_quietly(link: WarehouseLink, reno: Post) -> None:
    announce_transfer(link=link, transfer=TRANSFER)
    reno.send("944", *receipt(*ALL))
    row = TransferReceipt.objects.get()
    assert (row.state, row.transfer and row.transfer.number, row.findings) == ("as_sent", "TR-1", [])
    assert Document.objects.get(set_id="944").state == "settled"
    assert cases() == []


def test_a_short_receipt_is_one_case_until_the_rest_comes(link: WarehouseLink, reno: Post) -> None:
    announce_transfer(link=link, transfer=TRANSFER)
    reno.send("944", *receipt(("FST-10001", "60"), ("FST-10002", "24")))
    [case] = cases()
    assert (case.kind, "FST-10001: 60 of 100 EA received" in case.sentence) == ("edi.receipt_differs", True)
    reno.send("944", *receipt(("FST-10001", "10"), number="R-2"))
    [same] = cases()
    assert (same.pk, same.occurrences) == (case.pk, 2)
    reno.send("944", *receipt(("FST-10001", "30"), number="R-3"))
    assert cases() == []
    assert list(TransferReceipt.objects.order_by("number").values_list("state", flat=True)) == [
        "differs",
        "differs",
        "as_sent",
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (receipt(("FST-10001", "101"), ("FST-10002", "24")), "FST-10001: 101 of 100 EA received"),
        (receipt(*ALL, ("FST-10009", "5")), "5 EA of FST-10009, which were not sent"),
        (receipt(*ALL, more=[["W13", "2", "EA", "01"]]), "FST-10002: 2 EA damaged"),
        (receipt(*ALL, transfer="TR-9"), "We announced no transfer TR-9"),
    ],
)
def test_every_other_difference_is_one_case(link: WarehouseLink, reno: Post, rows: list[Elements], said: str) -> None:
    announce_transfer(link=link, transfer=TRANSFER)
    reno.send("944", *rows)
    [case] = cases()
    assert said in case.sentence
    assert TransferReceipt.objects.count() == 1


def test_a_receipt_told_again_counts_once_and_told_otherwise_fails(link: WarehouseLink, reno: Post) -> None:
    announce_transfer(link=link, transfer=TRANSFER)
    reno.send("944", *receipt(*ALL))
    reno.send("944", *receipt(*ALL))
    assert (TransferReceipt.objects.count(), cases()) == (1, [])
    reno.send("944", *receipt(("FST-10001", "1")))
    assert TransferReceipt.objects.count() == 1
    assert [case.kind for case in cases()] == ["edi.unusable_document"]


def test_another_warehouse_cannot_receive_it(link: WarehouseLink, reno: Post) -> None:
    announce_transfer(link=link, transfer=TRANSFER)
    Post(seed_other(code="OTHERWH", name="Other", role="warehouse")).send("944", *receipt(*ALL))
    row = TransferReceipt.objects.get()
    assert (row.state, row.transfer) == ("unknown", None)
    assert len(cases()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_transfer_announced_by_many_at_once_leaves_once(link: WarehouseLink) -> None:
    found = at_once(*[lambda: announce_transfer(link=link, transfer=TRANSFER).pk] * 4)
    assert len(set(found)) == 1
    assert Document.objects.filter(set_id="943").count() == 1


def form(link: WarehouseLink, **changes: str) -> dict[str, str]:
    filled = {
        "link": str(link.pk), "number": "TR-7", "ship_from": "Main plant", "shipped_on": "2026-11-24",
        "expected_on": "", "carrier": "ODFL", "tracking_number": "", "bill_of_lading": "BOL-1",
        "lines": "FST-10001 240\r\nfst-10002, 24\r\n\r\n",
    }  # fmt: skip
    return {**filled, **changes}


def test_staff_announce_a_transfer_and_see_what_was_received(link: WarehouseLink, reno: Post, cast: Cast) -> None:
    desk, address = signed_in(cast.agent), reverse("edi:transfers")
    assert "No transfers yet" in desk.get(address).content.decode()
    assert desk.post(address, form(link)).status_code == 302
    work_until_idle()
    [sent] = reno.sets("943")
    assert sent[1] == ["W06", "J", "TR-7", "20261124", "BOL-1"]
    assert [row[1:6] for row in sent if row[0] == "W04"] == [
        ["240", "EA", "", "VN", "FST-10001"],
        ["24", "EA", "", "VN", "FST-10002"],
    ]
    reno.send("944", *receipt(("FST-10001", "200"), ("FST-10002", "24"), transfer="TR-7"))
    page = desk.get(address).content.decode()
    assert "Differs from what was sent" in page
    assert "FST-10001: 200 of 240 EA received" in page
    assert signed_in(cast.buyer).get(address).status_code in (302, 403, 404)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lines": "NO-SUCH 4"}, "Row 1, NO-SUCH 4: no item of ours."),
        ({"lines": "FST-10001 4\nFST-10001 x"}, "Row 2, FST-10001 x: without a quantity."),
        ({"lines": "FST-10001 -4"}, "without a quantity"),
        ({"lines": " "}, "This field is required"),
        ({"number": "TR 7~"}, "Enter a valid value"),
        ({"shipped_on": "x"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_announced_is_told_at_its_field(
    link: WarehouseLink, cast: Cast, changes: dict[str, str], said: str
) -> None:
    answer = signed_in(cast.agent).post(reverse("edi:transfers"), form(link, **changes))
    assert said in html.unescape(answer.content.decode())
    assert not Announced.objects.exists()


def test_a_number_that_was_used_for_other_goods_is_told(link: WarehouseLink, cast: Cast) -> None:
    announce_transfer(link=link, transfer=dataclasses.replace(TRANSFER, number="TR-7"))
    answer = signed_in(cast.agent).post(reverse("edi:transfers"), form(link))
    assert "Use another number" in answer.content.decode()
    assert Announced.objects.count() == 1
