"""Customers' own numbers: taught, taken from files and given back; one that could mean two items is no guess."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from distportal.canonical.parts import ItemId
from distportal.common.errors import Invalid, NotFound
from inventory.models import ItemCrossReference
from inventory.process.part_numbers import export_part_numbers, import_part_numbers, teach_part_number
from inventory.queries.items import item_with_sku, items_named
from orders.models import Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def known(cast: Cast) -> list[tuple[str, str]]:
    rows = ItemCrossReference.objects.filter(account=cast.harbor).order_by("code_norm", "item__sku")
    return list(rows.values_list("code", "item__sku"))


def take(cast: Cast, *rows: str, head: str = "your_number,our_item") -> tuple[int, int, tuple[str, ...]]:
    done = import_part_numbers(account=cast.harbor, content="\n".join([head, *rows]).encode(), by="Bea")
    return done.taken, done.known, done.problems


def test_a_file_teaches_what_can_be_taken_and_tells_the_rest(synced: SandboxProcess, cast: Cast) -> None:
    upc = item_with_sku("PLB-30001").upc
    teach_part_number(account=cast.harbor, code="HH 9", sku="FST-10001", by="Bea")
    taken = take(cast, "HH 77-1,fst 10001", f"HH-77-2,{upc}", "HH-77-3,NO-SUCH", "--,FST-10001", "", "HH9,FST-10002")
    assert taken == (3, 0, ("Row 4: no one item is known as NO-SUCH", "Row 5: “--” is no number"))
    assert known(cast) == [("HH 77-1", "FST-10001"), ("HH-77-2", "PLB-30001"), ("HH9", "FST-10002")]
    assert take(cast, "HH771,FST-10001") == (1, 1, ()), "the same again is nothing new"
    assert len(known(cast)) == 3


def test_what_was_exported_can_be_taken_again(synced: SandboxProcess, cast: Cast) -> None:
    take(cast, "=1+1;FST-10001", "ÄÖ-7;PLB-30001", head="your_number;our_item")
    text = export_part_numbers(account=cast.harbor)
    assert text.splitlines() == ["your_number,our_item", "'=1+1,FST-10001", "ÄÖ-7,PLB-30001"]
    done = import_part_numbers(account=cast.harbor, content=text.encode("utf-8-sig"), by="Bea")
    assert (done.taken, done.known, done.problems) == (2, 2, ())


@pytest.mark.parametrize("content", [b"", b"code,sku\nA,B\n", b"\xff\xfe\x00", b"your_number\nA\n"])
def test_what_is_no_such_file_changes_nothing(synced: SandboxProcess, cast: Cast, content: bytes) -> None:
    teach_part_number(account=cast.harbor, code="HH 9", sku="FST-10001", by="Bea")
    with pytest.raises(Invalid, match=r"nothing was (read|changed)"):
        import_part_numbers(account=cast.harbor, content=content, by="Bea")
    assert known(cast) == [("HH 9", "FST-10001")]


def order_by(number: str) -> Order:
    order = asked(("x", "10", "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}")
    lines = (replace(order.lines[0], items=(ItemId(qualifier="buyer", value=number),)),)
    return place_order(order=replace(order, lines=lines), source_key=f"t:{uuid.uuid4()}").order


def test_a_number_of_two_items_is_a_finding_until_one_is_chosen(synced: SandboxProcess, cast: Cast) -> None:
    taken = take(cast, "HH-7,FST-10001", "HH-7,FST-10002")
    assert taken[2] == ("HH-7 stands for several items: nobody can order by it until one is chosen",)
    held = order_by("hh7")
    finding = held.findings.get()
    assert (held.status, finding.code, finding.data["candidates"]) == (
        "held", "item_ambiguous", ["FST-10001", "FST-10002"],
    )  # fmt: skip
    client = signed_in(cast.buyer)
    assert "Stands for several items" in client.get("/part-numbers/").content.decode()
    typed = client.post("/quick-order/read/", {"text": "hh7 5"}, follow=True).content.decode()
    assert "hh7 could be FST-10001 or FST-10002" in typed
    wrong = ItemCrossReference.objects.get(item__sku="FST-10002")
    assert signed_in(cast.stranger).post("/part-numbers/change/", {"forget": str(wrong.pk)}).status_code == 302
    assert ItemCrossReference.objects.count() == 2, "a stranger removes nothing of others"
    client.post("/part-numbers/change/", {"forget": str(wrong.pk)})
    assert order_by("hh7").lines.get().item == item_with_sku("FST-10001")


def test_an_item_that_was_discontinued_gives_way_to_the_one_with_its_barcode(
    synced: SandboxProcess, cast: Cast
) -> None:
    old, new = item_with_sku("FST-10007"), item_with_sku("FST-10008")
    new.upc = old.upc
    new.save()
    name = (ItemId(qualifier="upc", value=old.upc),)
    assert items_named(account_id=cast.harbor.pk, names=[name]) == [new]
    type(old).objects.filter(pk=old.pk).update(status="active")
    assert items_named(account_id=cast.harbor.pk, names=[name]) == [None]


def test_a_number_is_the_accounts_own(synced: SandboxProcess, cast: Cast) -> None:
    teach_part_number(account=cast.harbor, code="HH 9", sku="FST-10001", by="Bea")
    page = signed_in(cast.stranger).get("/part-numbers/").content.decode()
    assert "HH 9" not in page
    assert "HH 9" not in signed_in(cast.stranger).get("/part-numbers/export/").content.decode()
    with pytest.raises(NotFound):
        teach_part_number(account=cast.harbor, code="HH 9", sku="NO-SUCH", by="Bea")
    teach_part_number(account=cast.harbor, code="hh-9", sku="FST-10002", by="Bea")
    assert known(cast) == [("hh-9", "FST-10002")], "taught anew it stands for that item alone"


def test_the_page_takes_a_file_and_gives_it_back(synced: SandboxProcess, cast: Cast) -> None:
    client = signed_in(cast.buyer)
    upload = SimpleUploadedFile("numbers.csv", b"your_number,our_item\nHH-1,FST-10001\nHH-2,NOPE\n", "text/csv")
    page = client.post("/part-numbers/change/", {"file": upload}, follow=True).content.decode()
    assert "1 numbers are in, 0 of them were there so already." in page
    assert "Row 3: no one item is known as NOPE" in page
    assert client.get("/part-numbers/?q=fst1").content.decode().count("HH-1") >= 1
    assert client.get("/part-numbers/export/").content.decode().splitlines() == [
        "your_number,our_item",
        "HH-1,FST-10001",
    ]
    assert "No number" not in client.get("/part-numbers/?q=%F0%9F%94%A9").content.decode()
    big = SimpleUploadedFile("big.csv", b"x" * 2_000_001, "text/csv")
    assert "larger than 2 MB" in client.post("/part-numbers/change/", {"file": big}, follow=True).content.decode()
