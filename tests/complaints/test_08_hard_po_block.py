"""Complaint 8: "Hard PO block": several orders under one PO are normal; a warning with the other order is wanted."""

from __future__ import annotations

import pytest

from exceptions.models import Case
from orders.models import Order, RulePolicy
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.orders.cart.filling import filled_cart
from tests.orders.cart.form import Form, page_of, submit
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(cast: Cast, synced: SandboxProcess) -> Order:
    """PO 4711 came by EDI before."""
    filled_cart(cast)
    return place_order(order=asked(("PLB-30001", "2", "EA", None), po="4711", channel="edi"), source_key="t:1").order


def test_a_number_that_was_used_warns_with_the_order_and_one_tick_goes_on(cast: Cast, first: Order) -> None:
    client = signed_in(cast.buyer)
    live = client.get("/cart/po/", {"po_number": "47-11"}).content.decode()
    assert f'href="/orders/{first.number}/"' in live
    assert "Used 0\u00a0minutes ago on" in live
    assert client.get("/cart/po/", {"po_number": "4712"}).content.decode().strip() == ""
    assert str(first.number) not in signed_in(cast.stranger).get("/cart/po/", {"po_number": "4711"}).content.decode()
    answer = submit(client, page_of(client), po_number="4711", note="kept")
    assert answer.status_code == 409
    page = Form(answer.content.decode())
    assert (page.fields["po_number"], page.fields["note"]) == ("4711", "kept")
    assert Order.objects.count() == 1
    assert submit(client, page, again="on").status_code == 302
    assert sorted(Order.objects.values_list("po_number", "po_slot")) == [("4711", 0), ("4711", 1)]
    assert not Case.objects.filter(code="duplicate_po").exists(), "nobody has to look at what the dealer meant"


def test_where_the_policy_allows_it_nothing_is_asked(cast: Cast, first: Order) -> None:
    RulePolicy.objects.create(account=cast.harbor, code="duplicate_po", action="accept")
    client = signed_in(cast.buyer)
    assert submit(client, page_of(client), po_number="4711").status_code == 302
    assert Order.objects.count() == 2


def test_the_very_same_again_is_asked_about_even_where_numbers_may_repeat(cast: Cast, first: Order) -> None:
    RulePolicy.objects.create(account=cast.harbor, code="duplicate_po", action="accept")
    client = signed_in(cast.buyer)
    submit(client, page_of(client), po_number="4711")
    filled_cart(cast)
    answer = submit(client, page_of(client), po_number="4711")
    assert answer.status_code == 409
    assert Order.objects.count() == 2
    assert submit(client, Form(answer.content.decode()), again="on").status_code == 302
    assert Order.objects.count() == 3


def test_where_the_policy_blocks_it_no_tick_helps_and_the_cart_is_kept(cast: Cast, first: Order) -> None:
    RulePolicy.objects.create(account=cast.harbor, code="duplicate_po", action="reject_order")
    client = signed_in(cast.buyer)
    answer = submit(client, page_of(client), po_number="4711", again="on")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "uses each PO number once" in text
    assert 'name="again"' not in text
    assert Order.objects.count() == 1
    assert submit(client, Form(text), po_number="4712").status_code == 302
