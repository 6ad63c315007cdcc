"""One cart to several ship-tos against the credit line: the page says what placing the parts one by one comes to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from distportal.accounts.models import Account, ShipTo
from orders.models import Draft, Order
from orders.process.carts import look_at_cart
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.cart.form import page_of, submit
from tests.orders.cart.test_places import shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(cast: Cast) -> list[ShipTo]:
    return list(ShipTo.objects.filter(account=cast.harbor).order_by("code"))


def credit(cast: Cast, limit: Decimal) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(
        credit_as_of=timezone.now(), credit_limit=limit, credit_balance=Decimal(0)
    )


def whole_of(draft: Draft) -> Decimal:
    """What the parts of the cart come to together."""
    cart = look_at_cart(Draft.objects.select_related("account", "user").get(pk=draft.pk))
    assert cart is not None
    return cart.total


def test_the_sum_over_the_line_holds_the_later_part_and_is_said_before(
    cast: Cast, filled: Draft, places: list[ShipTo]
) -> None:
    client = signed_in(cast.buyer)
    credit(cast, Decimal(10**6))
    assert shared(client, filled, places, (12, 12), (6, 6)).place_button == "Place 2 orders"
    whole = whole_of(filled)
    said = client.get("/cart/").content.decode()
    assert "of your credit are left after these 2 orders." in said
    credit(cast, whole - 1)  # each half alone is far below it
    said, page = client.get("/cart/").content.decode(), page_of(client)
    assert "These 2 orders go $1.00 over your credit limit together, so one of them will be held: credit." in said
    assert page.place_button == "Place 2 orders (1 will be held: credit)"
    assert submit(client, page, po_number="4711").status_code == 302
    assert list(Order.objects.order_by("number").values_list("status", flat=True)) == ["accepted", "held"]


def test_a_sum_within_the_line_holds_nothing(cast: Cast, filled: Draft, places: list[ShipTo]) -> None:
    client = signed_in(cast.buyer)
    credit(cast, Decimal(10**6))
    shared(client, filled, places, (12, 12), (6, 6))
    credit(cast, whole_of(filled))
    page = page_of(client)
    assert page.place_button == "Place 2 orders"
    assert submit(client, page, po_number="4711").status_code == 302
    assert set(Order.objects.values_list("status", flat=True)) == {"accepted"}


def test_what_another_order_took_meanwhile_is_asked_about_before(
    cast: Cast, filled: Draft, places: list[ShipTo]
) -> None:
    client = signed_in(cast.buyer)
    credit(cast, Decimal(10**6))
    page = shared(client, filled, places, (12, 12), (6, 6))
    credit(cast, whole_of(filled) - 1)
    answer = submit(client, page, po_number="4711")
    assert answer.status_code == 409
    assert "What will happen now: Place 2 orders (1 will be held: credit)" in answer.content.decode()
    assert not Order.objects.exists()


def test_each_part_names_the_others(cast: Cast, filled: Draft, places: list[ShipTo]) -> None:
    client = signed_in(cast.buyer)
    submit(client, shared(client, filled, places, (20, 4), (0, 12)), po_number="4711")
    one, other = Order.objects.order_by("number")
    alone = Order.objects.create(
        number=other.number + 50, account=cast.harbor, channel="portal", po_number="4712", po_norm="4712",
        ordered_on=timezone.localdate(), canonical={}, content_hash="h", correlation_id=other.correlation_id,
    )  # fmt: skip
    again = Order.objects.create(
        number=other.number + 51, account=cast.harbor, channel="portal", po_number="4711", po_norm="4711",
        po_part=one.po_part, po_slot=7, ordered_on=timezone.localdate(), canonical={}, content_hash="h",
        correlation_id=alone.correlation_id,
    )  # fmt: skip
    for who in (client, signed_in(cast.agent)):
        said = who.get(f"/orders/{one.number}/").content.decode()
        card = said.partition('id="po-parts"')[2].partition("</section>")[0]
        assert f'href="/orders/{other.number}/"' in card
        assert places[1].name in card
        assert f"/orders/{again.number}/" not in card
        assert 'id="po-parts"' not in who.get(f"/orders/{alone.number}/").content.decode()
    assert signed_in(cast.stranger).get(f"/orders/{one.number}/").status_code == 404
