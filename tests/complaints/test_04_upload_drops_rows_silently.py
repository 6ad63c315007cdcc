"""Complaint 4: an uploaded list lost rows and nobody said so; a byte-order mark and lost zeros broke others.

(portal.md, section 4, numbers 9 and 10.)
"""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory.models import Item, ItemCrossReference
from orders.models import DraftLine, QuickRow
from orders.process.quick.rows import MOST_ROWS
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
ROWS = (
    "FST-10001;24;EA", "fst10002;12;", ";5;", "FST-1O001;7;", "PLB-30001;1,5;", "PLB-30001;-2;", "PLB-30001;0;",
    "HTL-40001;1;XX", "0042;3;", "FST-10001;6;EA", "NO-SUCH-THING;1;",
)  # fmt: skip


@pytest.fixture
def bea(cast: Cast, synced: SandboxProcess) -> Client:
    item = Item.objects.get(sku="SAF-50001")
    ItemCrossReference.objects.create(account=cast.harbor, item=item, code="0042", code_norm="0042")
    return signed_in(cast.buyer)


def upload(client: Client, content: bytes, name: str = "list.csv") -> None:
    client.post("/quick-order/read/", {"file": SimpleUploadedFile(name, content)})


def test_every_row_of_a_file_has_an_outcome(bea: Client) -> None:
    upload(bea, ("\ufeffcode;quantity;unit\r\n" + "\r\n".join(ROWS)).encode())
    sheet = bea.get("/quick-order/").context["sheet"]
    assert len(sheet.lines) == len(ROWS), "as many outcomes as rows"
    assert {line.row.code for line in sheet.ready} == {"FST-10001", "fst10002", "0042"}
    assert len(sheet.ready) + len(sheet.problems) == len(ROWS)
    assert all(line.problem and line.remedy for line in sheet.problems)
    assert all(line.row.origin.startswith("list.csv") for line in sheet.lines), "each says where it came from"
    bea.post("/quick-order/take/")
    assert {line.item.sku: line.quantity for line in DraftLine.objects.all()} == {
        "FST-10001": 30,
        "FST-10002": 12,
        "SAF-50001": 3,
    }
    assert QuickRow.objects.count() == len(sheet.problems), "what could not be taken is still there"
    file = b"".join(bea.get("/quick-order/problems.csv")).decode()  # type: ignore[arg-type]
    told = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))
    assert len(told) == len(sheet.problems)
    assert all(row["problem"] for row in told)


def test_a_file_that_is_too_long_is_refused_whole_with_a_reason(bea: Client) -> None:
    upload(bea, b"FST-10001,1\n")
    content = "\n".join(["FST-10001,1"] * MOST_ROWS).encode()
    page = bea.post("/quick-order/read/", {"file": SimpleUploadedFile("long.csv", content)})
    assert page.status_code == 422
    assert "nothing was added" in page.content.decode()
    assert QuickRow.objects.count() == 1, "and what was there is there"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_marks_and_zeros_are_read_as_they_are(bea: Client, separator: str) -> None:
    upload(bea, "\ufeff".encode() + separator.join(("0042", "3", "")).encode())
    [line] = bea.get("/quick-order/").context["sheet"].lines
    assert (line.row.code, line.item.sku, line.problem) == ("0042", "SAF-50001", "")
