"""Complaint 1: an item's price was one thing in the search, another in the cart, and a third on the order.

(portal.md, section 4, numbers 1 and 3.)
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from distportal.events.sweeper import work_until_idle
from inventory.models import Item
from orders.models import Order
from orders.process.drafts import add_to_draft, open_draft
from orders.process.intake import place_order
from orders.process.lists import create_list
from orders.process.quick.judging import judge_rows
from orders.process.quick.reading import TypedRow
from orders.process.quick.rows import keep_rows
from tests.api.conftest import Caller, caller
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

__all__ = ["caller"]

pytestmark = pytest.mark.django_db
SKU = "FST-10001"


@pytest.fixture
def item(synced: SandboxProcess) -> Item:
    """With a contract ladder of three steps."""
    return Item.objects.get(sku=SKU)


def ladder_price(client: Client, quantity: Decimal) -> Decimal:
    """What the item's page says from this quantity on."""
    offer = client.get(f"/catalogue/{SKU}/").context["offer"]
    reached = [rung.unit_price for rung in offer.quote.ladder if rung.min_quantity <= quantity]
    return Decimal(reached[-1])


@pytest.mark.parametrize("quantity", [1, 500, 5000])
def test_every_place_says_the_same_price(cast: Cast, item: Item, caller: Callable[..., Caller], quantity: int) -> None:
    client, much = signed_in(cast.buyer), Decimal(quantity)
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    old = place_order(order=asked((SKU, str(quantity), "EA", None), po="PO-OLD"), source_key="t:old").order
    work_until_idle()
    shopping = create_list(account=cast.harbor, user=cast.buyer, name="L", item_ids=[item.pk])
    [told] = caller("HARBOR").get("prices", sku=SKU, quantity=str(quantity)).json()
    price = Decimal(told["unit_price"])
    keep_rows(draft=draft, rows=[TypedRow(SKU, str(quantity))])
    [quick] = judge_rows(draft=draft).lines
    add_to_draft(draft=draft, item=item, quantity=much, unit="EA")
    [held] = client.get("/cart/").context["rows"]
    [again] = client.get(f"/orders/{old.number}/reorder/").context["rows"]
    placed = place_order(order=asked((SKU, str(quantity), "EA", None), po="PO-NEW"), source_key="t:new").order
    found = {
        "item page": ladder_price(client, much),
        "quick order": quick.fact.our_price if quick.fact else None,
        "cart": held["fact"].our_price,
        "reorder": again["again"].price_now,
        "order": placed.lines.get().unit_price,
        "order before": old.lines.get().unit_price,
    }
    assert found == dict.fromkeys(found, price)
    shown = {
        "search": client.get("/catalogue/?q=fst10001").context["offers"][0],
        "family": next(o for o in client.get("/catalogue/?family=Fasteners").context["offers"] if o.item == item),
        "item": client.get(f"/catalogue/{SKU}/").context["offer"],
        "list": client.get(f"/lists/{shopping.pk}/").context["rows"][0].offer,
        "bought before": client.get("/purchased/").context["rows"][0].offer,
    }
    assert {where: offer.quote for where, offer in shown.items()} == dict.fromkeys(shown, shown["item"].quote)
    [single] = caller("HARBOR").get("prices", sku=SKU).json()
    assert shown["search"].quote.unit_price == Decimal(single["unit_price"])


def test_a_cart_that_waited_says_the_price_of_today(cast: Cast, item: Item) -> None:
    client, draft = signed_in(cast.buyer), open_draft(account=cast.harbor, user=cast.buyer)
    add_to_draft(draft=draft, item=item, quantity=Decimal(1), unit="EA")
    before = client.get("/cart/").context["rows"][0]["fact"].our_price
    item.prices.filter(unit_price=before).update(unit_price=before + 1)
    assert client.get("/cart/").context["rows"][0]["fact"].our_price == before + 1
    order = place_order(order=asked((SKU, "1", "EA", None), po="PO-1"), source_key="t:1").order
    assert order.lines.get().unit_price == before + 1
    item.prices.update(unit_price=before + 5)
    assert Order.objects.get(pk=order.pk).lines.get().unit_price == before + 1, "an order keeps its price"
