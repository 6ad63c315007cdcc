"""An old order again: what changed is told before anything is in the cart, and the cart that is open is never lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.models import Account
from inventory.models import Item, Price, StockLevel
from orders.models import DraftLine, Order, OrderLine
from orders.process.drafts import add_to_draft, open_draft
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
A, B, C = "FST-10001", "PLB-30001", "HTL-40001"


@pytest.fixture
def bea(cast: Cast, synced: SandboxProcess) -> Client:
    return signed_in(cast.buyer)


@pytest.fixture
def order(bea: Client) -> Order:
    return placed_order((A, "24", "EA", None), (B, "2", "EA", None), (C, "1", "EA", None))


def rows(client: Client, order: Order, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/orders/{order.number}/reorder/{query}").context["rows"]
    return found


def cart() -> dict[str, Decimal]:
    return {f"{line.item.sku} {line.unit}": line.quantity for line in DraftLine.objects.all()}


def test_nothing_changed_says_so_and_quantities_are_empty_or_as_they_were(bea: Client, order: Order) -> None:
    page = bea.get(f"/orders/{order.number}/reorder/")
    assert "Everything is as it was" in page.content.decode()
    assert [row["quantity"] for row in page.context["rows"]] == ["", "", ""]
    assert [row["quantity"] for row in rows(bea, order, "?quantities=old")] == ["24", "2", "1"]
    assert f"/orders/{order.number}/reorder/" in bea.get(f"/orders/{order.number}/").content.decode()


def test_price_stock_and_packs_are_compared_with_then(bea: Client, order: Order, cast: Cast) -> None:
    first, second, _ = order.lines.all()
    OrderLine.objects.filter(pk=first.pk).update(unit_price=Decimal("0.40"))
    OrderLine.objects.filter(pk=second.pk).update(quantity=2, unit="CA", base_quantity=20, unit_price=Decimal(900))
    Item.objects.filter(sku=B).update(pack_unit="CA", pack_size=12, packs=[])
    StockLevel.objects.filter(item__sku=C).update(available=0, supply_on=None, supply_quantity=0, supplies=[])
    again = [row["again"] for row in rows(bea, order)]
    assert (again[0].change, again[0].price_then) == ("worse", Decimal("0.40"))
    assert again[0].price_now > again[0].price_then
    assert again[1].change == "better"
    assert again[1].remarks == ("One CA held 10 then and holds 12 now.",)
    assert (again[1].quantity, again[1].unit) == (2, "CA"), "20 then are two cases of twelve now, never less"
    assert again[1].price_then == Decimal(1080), "per case of twelve, as the price now is"
    assert again[2].remarks == ("None is there now: not available.",)
    page = bea.get(f"/orders/{order.number}/reorder/").content.decode()
    assert "3 lines are not as they were" in page
    assert "was $0.40" in page


def test_what_is_gone_is_replaced_or_left_out_and_told(bea: Client, order: Order) -> None:
    told = [{"sku": "FST-10002", "reason": "replaced_by", "priority": 0, "valid_from": None, "valid_until": None}]
    Item.objects.filter(sku=A).update(status="discontinued", last_order_on="2020-01-01", substitutes=told)
    Item.objects.filter(sku=B).update(status="discontinued", last_order_on="2020-01-01", substitutes=[])
    again = [row["again"] for row in rows(bea, order)]
    assert (again[0].offer.item.sku, again[0].instead_of) == ("FST-10002", A)
    assert "FST-10001 is not sold any more: this stands for it." in again[0].remarks
    assert (again[1].offer, again[1].change) == (None, "gone")
    keys = [str(line.pk) for line in order.lines.all()]
    every = {f"tick.{key}": "1" for key in keys} | {f"quantity.{key}": "" for key in keys}
    page = bea.post(f"/orders/{order.number}/reorder/take/", every)
    assert page.status_code == 404, "what is gone was chosen"
    assert cart() == {}
    bea.post(f"/orders/{order.number}/reorder/take/", {f"tick.{keys[0]}": "1", f"quantity.{keys[0]}": ""})
    assert cart() == {"FST-10002 EA": 24}


def test_a_unit_that_is_not_sold_any_more_becomes_one_that_is(bea: Client, order: Order) -> None:
    OrderLine.objects.filter(order=order, line_no="1").update(quantity=2, unit="PL", base_quantity=50)
    Item.objects.filter(sku=A).update(pack_unit="CA", pack_size=12, base_sold=False, packs=[])
    again = rows(bea, order)[0]["again"]
    assert again.remarks[0] == "It is not sold by PL any more, but by CA."
    assert (again.quantity, again.unit) == (5, "CA"), "at least as much as it was"


def test_chosen_lines_join_the_open_cart_and_twice_adds_twice(bea: Client, order: Order, cast: Cast) -> None:
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    add_to_draft(draft=draft, item=Item.objects.get(sku=B), quantity=Decimal(5), unit="EA")
    first, second, _ = (str(line.pk) for line in order.lines.all())
    form = {f"quantity.{first}": "6", f"unit.{first}": "EA", f"tick.{second}": "1", f"quantity.{second}": ""}
    assert bea.post(f"/orders/{order.number}/reorder/take/", form).headers["Location"] == "/cart/"
    assert cart() == {f"{A} EA": 6, f"{B} EA": 7}, "what was there stays"
    bad = bea.post(f"/orders/{order.number}/reorder/take/", {**form, f"quantity.{first}": "6.5"})
    assert bad.status_code == 422
    assert bad.context["rows"][0]["quantity"] == "6.5"
    assert cart() == {f"{A} EA": 6, f"{B} EA": 7}
    assert Order.objects.count() == 1


def test_another_companys_order_is_not_there(order: Order, cast: Cast) -> None:
    stranger, key = signed_in(cast.stranger), str(order.lines.earliest("position").pk)
    assert stranger.get(f"/orders/{order.number}/reorder/").status_code == 404
    assert stranger.post(f"/orders/{order.number}/reorder/take/", {f"quantity.{key}": "1"}).status_code == 404
    own = placed_order(("FST-10002", "1", "EA", None), account="SUMMIT")
    answer = stranger.post(f"/orders/{own.number}/reorder/take/", {f"quantity.{key}": "1"})
    assert answer.status_code == 404, "a line of somebody else's order"
    assert not DraftLine.objects.exists()


def test_the_price_now_is_what_the_cart_says(bea: Client, order: Order, cast: Cast) -> None:
    Price.objects.filter(item__sku=A).delete()
    for least, price in ((1, "0.50"), (24, "0.30")):
        Price.objects.create(
            item=Item.objects.get(sku=A), account=Account.objects.get(code="HARBOR"), contract="C-9",
            min_quantity=least, unit_price=Decimal(price), valid_from=timezone.localdate(),
            as_of=timezone.now(), erp_id=f"r{least}",
        )  # fmt: skip
    assert rows(bea, order)[0]["again"].price_now == Decimal("0.30")
    key = str(order.lines.get(line_no="1").pk)
    bea.post(f"/orders/{order.number}/reorder/take/", {f"tick.{key}": "1", f"quantity.{key}": ""})
    assert "$0.30" in bea.get("/cart/").content.decode()
