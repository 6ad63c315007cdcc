"""An order that two ERPs have to have, as its dealer sees it: two orders of one PO that know of each other."""

from __future__ import annotations

import pytest

from orders.models import Order
from orders.process.erp_feed import sync_erp
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.two_erps.apart import set_apart, splits_by_itself
from tests.two_erps.conftest import OTHER, SKU, Two

pytestmark = pytest.mark.django_db


def test_each_part_shows_the_other_with_its_goods_and_what_all_of_it_comes_to(cast: Cast, two: Two) -> None:
    set_apart()
    splits_by_itself()
    po = two.place((OTHER, "1"), (SKU, "2")).po_number
    here, there = Order.objects.filter(po_number=po).order_by("number")
    two.old.ship(here.erp_number)
    sync_erp()
    buyer, stranger = signed_in(cast.buyer), signed_in(cast.stranger)
    for one, other, goods in ((here, there, f"2 EA {SKU}"), (there, here, f"1 EA {OTHER}")):
        page = main_of(buyer.get(f"/orders/{one.number}/").content.decode())
        parts = page.partition('id="po-parts"')[2].partition("</section>")[0]
        assert f'href="/orders/{other.number}/"' in parts
        assert f'href="/orders/{one.number}/"' not in parts
        assert goods in parts
        assert f"Together they come to ${here.total + there.total:,.2f}." in parts
        assert "because its goods leave from different places" in parts
        assert "ERP new" not in page, "no dealer needs an ERP's name"
        assert "ERP default" not in page
        assert stranger.get(f"/orders/{one.number}/").status_code == 404
    assert "Shipped" in main_of(buyer.get(f"/orders/{there.number}/").content.decode()).partition("po-parts")[2]
    listed = main_of(buyer.get("/orders/", {"view": "all", "q": po}).content.decode())
    assert (str(here) in listed, str(there) in listed) == (True, True)
    owed = main_of(buyer.get("/orders/lines/", {"q": po}).content.decode())
    assert (owed.count(f"<b>{SKU}</b>"), owed.count(f"<b>{OTHER}</b>")) == (1, 0), "what has left is not owed"


def test_a_part_that_was_cancelled_counts_nothing_and_one_order_has_no_parts(cast: Cast, two: Two) -> None:
    set_apart()
    splits_by_itself()
    alone = two.place((OTHER, "1"), send=False)
    buyer = signed_in(cast.buyer)
    assert "po-parts" not in main_of(buyer.get(f"/orders/{alone.number}/").content.decode())
    po = two.place((OTHER, "1"), (SKU, "2")).po_number
    here, there = Order.objects.filter(po_number=po).order_by("number")
    Order.objects.filter(pk=there.pk).update(status="cancelled")
    page = main_of(buyer.get(f"/orders/{here.number}/").content.decode())
    assert f"Together they come to ${here.total:,.2f}." in page
    assert "Cancelled" in page.partition("po-parts")[2]
