"""Complaint 5: a part number with other punctuation, in part, or the dealer's own found nothing.

(portal.md, section 4, numbers 7 and 8.)
"""

from __future__ import annotations

import pytest
from django.test import Client

from inventory.models import Item, ItemCrossReference
from orders.models import Draft
from orders.process.quick.judging import judge_rows
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def bea(cast: Cast, synced: SandboxProcess) -> Client:
    item = Item.objects.get(sku="PLB-30001")
    Item.objects.filter(pk=item.pk).update(barcodes=["10812345000099"])
    ItemCrossReference.objects.create(account=cast.harbor, item=item, code="HH/77-1", code_norm="HH771")
    return signed_in(cast.buyer)


WAYS = ("PLB-30001", "plb30001", "PLB 30001", "plb.30-001", "hh771", "HH 77-1", "10812345000099", "010812345000099")


@pytest.mark.parametrize("typed", WAYS)
def test_however_it_is_written_it_is_found_everywhere(bea: Client, cast: Cast, typed: str) -> None:
    page = bea.get("/catalogue/", {"q": typed})
    assert page.context["offers"][0].item.sku == "PLB-30001"
    assert page.context["found"].near == ""
    assert "your HH/77-1" in page.content.decode(), "both numbers stand there"
    bea.post("/quick-order/read/", {"text": f"{typed}\t2"})
    [line] = judge_rows(draft=Draft.objects.get()).lines
    assert (line.item and line.item.sku, line.problem) == ("PLB-30001", "")


@pytest.mark.parametrize("typed", ["PLB-300", "30001", "b3000", "hh77"])
def test_a_part_of_it_is_enough(bea: Client, typed: str) -> None:
    page = bea.get("/catalogue/", {"q": typed})
    assert "PLB-30001" in [offer.item.sku for offer in page.context["offers"]]
    assert page.context["found"].near == ""


@pytest.mark.parametrize("typed", ["PLB-3O001", "PLB-03001", "PLB-300011", "vlave brass"])
def test_a_slip_shows_what_is_near_and_says_so(bea: Client, typed: str) -> None:
    page = bea.get("/catalogue/", {"q": typed})
    assert page.context["offers"][0].item.sku == "PLB-30001"
    assert "Showing results near" in page.content.decode()


def test_own_numbers_are_nobody_elses(bea: Client, cast: Cast) -> None:
    page = signed_in(cast.stranger).get("/catalogue/", {"q": "HH771"})
    assert "PLB-30001" not in [offer.item.sku for offer in page.context["offers"]]
    assert "HH/77-1" not in page.content.decode()
