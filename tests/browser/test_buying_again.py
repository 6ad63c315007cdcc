"""The catalogue by keyboard, and the pages to buy again, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.events.sweeper import work_until_idle
from inventory.models import Item
from orders.models import DraftLine
from orders.process.lists import create_list
from orders.process.purchases import note_purchases
from tests.browser.conftest import PHONE
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order
from tests.sandbox import SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_a_search_is_answered_added_from_and_gone_on_with_by_keyboard(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("buyer@harbor.example")
    page.goto("/catalogue/?family=Fasteners")
    page.keyboard.press("/")
    page.keyboard.type("fst-1O001")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "q=fst" in address)
    page.goto("/catalogue/?family=Fasteners&q=fst-1O001")
    expect(page.get_by_text("Showing results near")).to_be_visible()
    quantity = page.get_by_label("Quantity of FST-10001")
    quantity.fill("36")
    quantity.press("Enter")
    expect(page.get_by_text("FST-10001 is in your cart.")).to_be_visible()
    expect(page).to_have_url("/catalogue/?family=Fasteners&q=fst-1O001")
    expect(page.get_by_label("Code, name, UPC or your own item number")).to_be_focused()
    assert [(line.item.sku, line.quantity) for line in DraftLine.objects.select_related("item")] == [("FST-10001", 36)]


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_the_pages_to_buy_again_fit_and_are_accessible(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page], assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None], size: str, scheme: str,
) -> None:  # fmt: skip
    order = placed_order(
        ("FST-10001", "24", "EA", None), ("PLB-30001", "2", "EA", None), ("HTL-40001", "3", "EA", None)
    )
    work_until_idle()
    note_purchases(order_id=order.pk)
    Item.objects.filter(sku="PLB-30001").update(status="discontinued", last_order_on="2020-01-01")
    items = list(Item.objects.filter(sku__in=("FST-10001", "PLB-30001", "SAF-50001")).values_list("pk", flat=True))
    row = create_list(account=cast.harbor, user=cast.buyer, name="Van stock", shared=True, item_ids=items)
    create_list(account=cast.harbor, user=cast.buyer, name="Yard")
    options = {"viewport": PHONE} if size == "phone" else {}
    page = signed_in("buyer@harbor.example", color_scheme=scheme, **options)
    for name, address in {
        "search": "/catalogue/?contract=1&q=FST-1O001",
        "nothing": "/catalogue/?q=qz77xw",
        "item": "/catalogue/FST-10001/",
        "lists": "/lists/",
        "list": f"/lists/{row.pk}/",
        "purchased": "/purchased/",
        "reorder": f"/orders/{order.number}/reorder/?quantities=old",
    }.items():
        page.goto(address)
        shoot(page, f"{name}-{size}")
        assert_accessible(page)
        assert_fits(page)
