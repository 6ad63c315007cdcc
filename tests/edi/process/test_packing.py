"""Codes of cartons and pallets: given once, the same on labels and in the 856, whoever asks first."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db.utils import ProgrammingError
from django.urls import reverse

from distportal.canonical.shipments import Carton, Pallet
from edi.documents.sscc import plain_sscc, sscc18
from edi.errors import CodeTaken
from edi.models import Document, LogisticUnit, OutboundFile
from edi.process.departing import announce_shipment
from edi.process.labels import shipment_labels
from edi.process.packing import coded_shipment
from edi.x12.errors import WriteError
from orders.models import Order, Shipment
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.documents.pdf_pages import words
from tests.edi.process.departures import depart
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
PACKED = {"packed": (Carton(number=1, pallet=1), Carton(number=2, pallet=1)), "pallets": (Pallet(number=1),)}


@pytest.fixture
def order(crestline: Post, catalogue: SandboxProcess) -> Order:
    crestline.take(crestline.order(("FST-10001", "100", "0.40")))
    return Order.objects.get()


def told(post: Post) -> list[str]:
    [notice] = post.sets("856")
    return [row[2].removeprefix("00") for row in notice if row[0] == "MAN"]


def printed(shipment: Shipment) -> list[str]:
    texts = [text.replace("\\", "") for text in words(shipment_labels(shipment_id=shipment.pk))]
    return [plain_sscc(text) for text in texts if text.startswith("(00)")]


def test_label_and_856_show_the_same_codes_and_a_repeat_the_same_bytes(crestline: Post, order: Order) -> None:
    crestline.partner.asn_pallets = True
    crestline.partner.save()
    shipment = depart(order, ("1", "60", 1), ("1", "40", 2), **PACKED)

    codes = told(crestline)
    assert len(set(codes)) == 3
    assert sorted(printed(shipment)) == sorted(codes)
    assert set(LogisticUnit.objects.values_list("sscc", flat=True)) == set(codes)
    assert all(code == plain_sscc(code) for code in codes)
    before = [bytes(file.content) for file in OutboundFile.objects.order_by("sequence")]
    again = announce_shipment(shipment_id=shipment.pk)
    assert again is not None
    assert again.pk == Document.objects.get(set_id="856").pk
    assert shipment_labels(shipment_id=shipment.pk) == shipment_labels(shipment_id=shipment.pk)
    assert [bytes(file.content) for file in OutboundFile.objects.order_by("sequence")] == before
    assert LogisticUnit.objects.count() == 3


def test_two_shipments_never_share_a_code(order: Order) -> None:
    first = depart(order, ("1", "60", 1), number="80001")
    second = depart(order, ("1", "40", 1), number="80002")
    assert {plain_sscc(code) for code in printed(first)}.isdisjoint(printed(second))


def test_a_code_of_the_warehouse_is_kept(crestline: Post, order: Order) -> None:
    theirs = sscc18("0614141", 77)
    depart(order, ("1", "100", 1), packed=(Carton(number=1, sscc=f"(00){theirs}"),))
    assert told(crestline) == [theirs]


def test_a_code_that_is_on_another_shipment_or_wrong_is_refused(order: Order) -> None:
    theirs = sscc18("0614141", 78)
    depart(order, ("1", "60", 1), number="80001", packed=(Carton(number=1, sscc=theirs),))
    other = depart(order, ("1", "20", 1), number="80002", packed=(Carton(number=1, sscc=theirs),))
    wrong = depart(order, ("1", "20", 1), number="80003", packed=(Carton(number=1, sscc=theirs[:17] + "x"),))
    with pytest.raises(CodeTaken, match="on another shipment"):
        coded_shipment(shipment_id=other.pk)
    with pytest.raises(WriteError, match="check digit"):
        coded_shipment(shipment_id=wrong.pk)
    assert LogisticUnit.objects.filter(shipment__in=[other, wrong]).count() == 0
    assert Document.objects.filter(set_id="856").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_all_get_the_same_codes(crestline: Post, order: Order) -> None:
    crestline.agree("out")
    shipment = depart(order, ("1", "60", 1), ("1", "40", 2))
    assert not LogisticUnit.objects.exists()
    found = at_once(*[lambda: coded_shipment(shipment_id=shipment.pk)] * 6)
    assert len({one.packed for one in found}) == 1
    assert LogisticUnit.objects.filter(shipment=shipment).count() == 2


def test_a_code_that_was_given_out_cannot_be_changed(order: Order) -> None:
    depart(order, ("1", "100", 1))
    with pytest.raises(ProgrammingError, match="Cannot update"):
        LogisticUnit.objects.update(sscc="1" * 18)


def test_two_hundred_cartons_have_two_hundred_codes(crestline: Post, order: Order) -> None:
    shipment = depart(order, *[("1", "0.5", n) for n in range(1, 201)])
    assert len(set(told(crestline))) == 200
    assert sorted(printed(shipment)) == sorted(told(crestline))


def test_staff_print_labels_and_nobody_else(order: Order, cast: Cast) -> None:
    shipment = depart(order, ("1", "100", 1))
    address = reverse("edi:labels", args=[shipment.pk])
    answer = signed_in(cast.agent).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert signed_in(cast.buyer).get(address).status_code in (302, 403, 404)
    assert signed_in(cast.agent).get(reverse("edi:labels", args=[uuid.uuid4()])).status_code == 404
    document = Document.objects.get(set_id="856")
    assert address in signed_in(cast.agent).get(reverse("edi:document", args=[document.pk])).content.decode()


def test_nothing_is_coded_for_a_shipment_that_is_none(order: Order) -> None:
    with pytest.raises(ObjectDoesNotExist):
        coded_shipment(shipment_id=uuid.uuid4())
    assert not LogisticUnit.objects.exists()
