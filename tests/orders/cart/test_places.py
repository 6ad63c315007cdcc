"""One cart to several ship-tos: the canonical shape and the split are those of an EDI order with store quantities."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from distportal.accounts.models import ShipTo
from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.sharing import shared_out
from orders.models import Draft, Order
from orders.process.carts import look_at_cart
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.cart.form import Form, page_of, save, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(cast: Cast) -> list[ShipTo]:
    return list(ShipTo.objects.filter(account=cast.harbor).order_by("code"))


def shared(client: object, draft: Draft, places: list[ShipTo], *quantities: tuple[int, int]) -> Form:
    """The page of the cart with each line shared out as told over the two places."""
    save(client, page_of(client), do="several", place=[str(p.pk) for p in places])  # type: ignore[arg-type]
    lines = list(draft.lines.order_by("pk"))
    typed = {
        f"share.{line.pk}.{place.pk}": str(quantity)
        for line, told in zip(lines, quantities, strict=True)
        for place, quantity in zip(places, told, strict=True)
    }
    save(client, page_of(client), **typed)  # type: ignore[arg-type]
    return page_of(client)  # type: ignore[arg-type]


def test_each_ship_to_gets_an_order_of_its_own_under_one_number(
    cast: Cast, filled: Draft, places: list[ShipTo]
) -> None:
    client = signed_in(cast.buyer)
    page = shared(client, filled, places, (20, 4), (0, 12))
    assert page.place_button == "Place 2 orders"
    answer = submit(client, page, po_number="4711")
    assert answer.headers["Location"] == f"/cart/placed/{filled.pk}/"
    orders = list(Order.objects.order_by("number"))
    assert [(o.po_number, o.ship_to, o.po_part) for o in orders] == [
        ("4711", places[0], "HARBOR01"), ("4711", places[1], "HARBOR02"),
    ]  # fmt: skip
    told = [[(line.line_no, line.quantity) for line in order.lines.all()] for order in orders]
    assert told == [[("1", 20)], [("1", 4), ("2", 12)]]
    assert [line["po_quantity"] for line in orders[1].canonical["lines"]] == ["24", "12"], "priced by the whole"
    assert orders[0].lines.get().unit_price == orders[1].lines.get(line_no="1").unit_price
    said = main_of(client.get(answer.headers["Location"]).content.decode())
    table = said.partition("What was ordered")[2]
    assert [int(number) for number in re.findall(r">SO-(\d+)</a><small>", table)] == [
        orders[0].number, orders[1].number, orders[1].number,
    ]  # fmt: skip
    assert 'href="/orders/?view=all&amp;q=4711"' in said
    assert submit(client, page, po_number="4711").headers["Location"] == answer.headers["Location"]
    assert Order.objects.count() == 2


def test_the_cart_is_one_canonical_order_that_is_split_like_any(
    cast: Cast, filled: Draft, places: list[ShipTo]
) -> None:
    client = signed_in(cast.buyer)
    shared(client, filled, places, (20, 4), (0, 12))
    cart = look_at_cart(Draft.objects.get(pk=filled.pk))
    assert cart is not None
    assert [[(s.place, int(s.quantity)) for s in line.distribution] for line in cart.order.lines] == [
        [("HARBOR-01", 20), ("HARBOR-02", 4)], [("HARBOR-02", 12)],
    ]  # fmt: skip
    assert cart.orders == shared_out(cart.order)
    submit(client, page_of(client), po_number="4711")
    for row, part in zip(Order.objects.order_by("number"), cart.orders, strict=True):
        stored = from_json(AskedOrder, row.canonical)
        assert (stored.part, stored.ship_to) == (part.part, part.ship_to)


def test_what_came_in_beside_the_grid_is_asked_about_before_anything_is_ordered(
    cast: Cast, filled: Draft, places: list[ShipTo]
) -> None:
    client = signed_in(cast.buyer)
    shared(client, filled, places, (20, 4), (0, 12))
    client.post("/cart/add/", {"sku": "FST-10001", "quantity": "1", "unit": "EA"})
    answer = submit(client, page_of(client), po_number="4711")
    assert (answer.status_code, filled.lines.get(item__sku="FST-10001").quantity) == (409, Decimal(24))
    assert not Order.objects.exists()
    client.post("/cart/add/", {"sku": "PLB-30001", "quantity": "1", "unit": "EA"})
    answer = submit(client, page_of(client))
    assert answer.status_code == 422
    assert "PLB-30001: say where all 1 EA of it go" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_place_of_another_company_is_not_taken(cast: Cast, filled: Draft, places: list[ShipTo]) -> None:
    client = signed_in(cast.buyer)
    foreign = ShipTo.objects.exclude(account=cast.harbor).first()
    assert foreign
    save(client, page_of(client), do="several", place=[str(places[0].pk), str(foreign.pk)])
    page = page_of(client)
    line = filled.lines.first()
    assert line
    save(client, page, **{f"share.{line.pk}.{foreign.pk}": "5"})
    assert {share.ship_to for line in filled.lines.all() for share in line.shares.all()} == {places[0]}


def test_back_to_one_place_is_one_order(cast: Cast, filled: Draft, places: list[ShipTo]) -> None:
    client = signed_in(cast.buyer)
    page = shared(client, filled, places, (20, 4), (0, 12))
    save(client, page, do="one")
    assert submit(client, page_of(client), po_number="4711", ship_to=str(places[1].pk)).status_code == 302
    order = Order.objects.get()
    assert (order.ship_to, order.po_part, order.lines.count()) == (places[1], "", 2)


def test_a_place_is_found_among_many(cast: Cast, filled: Draft) -> None:
    ShipTo.objects.bulk_create(
        ShipTo(
            account=cast.harbor, code=f"S{n}", name=f"Store {n}", street="1 Main Street", city="Reno", region="NV",
            postcode="89501",
        )
        for n in range(100, 180)
    )  # fmt: skip
    client = signed_in(cast.buyer)
    assert 'id="place_text"' in client.get("/cart/").content.decode()
    found = client.get("/cart/places/", {"place_text": "store 142"}).content.decode()
    assert found.count("<option") == 1
    assert "Store 142, Reno NV" in found
    assert "Store 142" not in signed_in(cast.stranger).get("/cart/places/", {"place_text": "142"}).content.decode()
