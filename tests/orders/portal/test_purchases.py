"""What was bought before: kept by the events of orders, exact after changes and cancellations, and shown by period."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account
from distportal.events.sweeper import work_until_idle
from inventory.models import Item, ItemCrossReference
from orders.models import DraftLine, Order, OrderLine, Purchase, ShoppingList
from orders.process.purchases import COUNTED, count_purchases, note_purchases
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
A, B = "FST-10001", "PLB-30001"


@pytest.fixture
def bea(cast: Cast, synced: SandboxProcess) -> Client:
    return signed_in(cast.buyer)


def bought(account: str = "HARBOR") -> dict[str, tuple[int, Decimal, str]]:
    rows = Purchase.objects.filter(account__code=account).select_related("item")
    return {row.item.sku: (row.times, row.last_quantity, row.last_unit) for row in rows}


def test_each_accepted_order_counts_once_and_the_last_is_told(synced: SandboxProcess, cast: Cast) -> None:
    placed_order((A, "10", "EA", None), (B, "2", "EA", None))
    last = placed_order((A, "30", "EA", None), (A, "5", "EA", None), channel="edi850")
    work_until_idle()
    assert bought() == {A: (2, 30, "EA"), B: (1, 2, "EA")}
    row = Purchase.objects.get(item__sku=A)
    assert (row.last_order, row.last_price) == (last, last.lines.get(line_no="1").unit_price)
    note_purchases(order_id=last.pk)
    assert bought()[A] == (2, 30, "EA"), "the same event again counts nothing"
    assert bought("SUMMIT") == {}


def test_a_cancelled_order_was_no_purchase_and_the_one_before_is_the_last_again(
    synced: SandboxProcess, cast: Cast
) -> None:
    first = placed_order((A, "10", "EA", None))
    last = placed_order((A, "30", "EA", None), (B, "2", "EA", None))
    work_until_idle()
    Order.objects.filter(pk=last.pk).update(status="cancelled")
    note_purchases(order_id=last.pk)
    assert bought() == {A: (1, 10, "EA")}
    assert Purchase.objects.get().last_order == first
    OrderLine.objects.filter(order=first).update(status="rejected")
    note_purchases(order_id=first.pk)
    assert bought() == {}


def test_an_item_that_another_replaced_or_that_left_the_order_is_counted_anew(
    synced: SandboxProcess, cast: Cast
) -> None:
    placed_order((A, "10", "EA", None))
    order = placed_order((A, "30", "EA", None), (B, "2", "EA", None))
    newest = placed_order((A, "5", "EA", None))
    work_until_idle()
    assert bought() == {A: (3, 5, "EA"), B: (1, 2, "EA")}
    instead = Item.objects.get(sku="FST-10002")
    line = order.lines.get(item__sku=A)
    OrderLine.objects.filter(pk=line.pk).update(item=instead, original_item=line.item)
    note_purchases(order_id=order.pk)
    assert bought() == {A: (2, 5, "EA"), "FST-10002": (1, 30, "EA"), B: (1, 2, "EA")}
    assert Purchase.objects.get(item__sku=A).last_order == newest
    order.lines.filter(item__sku=B).delete()
    note_purchases(order_id=order.pk)
    assert bought() == {A: (2, 5, "EA"), "FST-10002": (1, 30, "EA")}


def test_orders_of_one_moment_are_added_one_by_one_and_none_twice(synced: SandboxProcess, cast: Cast) -> None:
    earlier, *orders = [placed_order((A, str(n), "EA", None)) for n in range(1, 5)]
    work_until_idle()
    Order.objects.filter(pk__in=[row.pk for row in orders]).update(placed_at=orders[0].placed_at)
    Purchase.objects.update(times=1, last_order=earlier, last_at=earlier.placed_at, last_quantity=1)
    for times, order in enumerate(orders, start=2):
        with CaptureQueriesContext(connection) as ran:
            note_purchases(order_id=order.pk)
        assert not any("counted AS" in query["sql"] for query in ran), "what the account ever ordered is not read"
        assert bought()[A] == (times, times, "EA")
    note_purchases(order_id=orders[0].pk)
    assert bought()[A] == (4, 4, "EA"), "an earlier one again counts nothing"


def test_an_order_that_is_held_is_no_purchase_yet(synced: SandboxProcess, cast: Cast) -> None:
    Account.objects.filter(code="HARBOR").update(status="hold")
    order = placed_order((A, "10", "EA", None))
    work_until_idle()
    assert order.status == "held"
    assert bought() == {}


def test_whatever_is_told_in_whatever_order_the_count_is_that_of_the_orders(synced: SandboxProcess, cast: Cast) -> None:
    orders: list[Order] = []
    chance = random.Random(8)
    for n in range(1, 13):
        orders.append(placed_order((A, str(n), "EA", None), *([(B, "2", "EA", None)] * (n % 3))))
        for order in chance.sample(orders, k=min(len(orders), chance.randint(0, 3))):
            note_purchases(order_id=order.pk)
        if chance.random() < 0.4:
            Order.objects.filter(pk=chance.choice(orders).pk, status="accepted").update(status="cancelled")
    for order in orders:
        note_purchases(order_id=order.pk)
    by_events = bought()
    Purchase.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(which=""))
    assert bought() == by_events


def test_the_next_order_is_added_without_counting_those_before(synced: SandboxProcess, cast: Cast) -> None:
    orders = [placed_order((A, str(n), "EA", None)) for n in (10, 20)]
    for order in orders:
        note_purchases(order_id=order.pk)
    newest = placed_order((A, "30", "EA", None))
    with CaptureQueriesContext(connection) as queries:
        note_purchases(order_id=newest.pk)
    assert [query["sql"] for query in queries if "count(DISTINCT" in query["sql"]] == []
    assert bought() == {A: (3, 30, "EA")}
    late = placed_order((A, "40", "EA", None))
    Order.objects.filter(pk=late.pk).update(placed_at=orders[0].placed_at)
    note_purchases(order_id=late.pk)
    assert bought() == {A: (4, 30, "EA")}, "told late, and counted with all"


@pytest.mark.django_db(transaction=True)
def test_two_orders_noted_at_once_are_both_counted(synced: SandboxProcess, cast: Cast) -> None:
    orders = [placed_order((A, str(n), "EA", None)) for n in (10, 20)]
    at_once(*(lambda pk=order.pk: note_purchases(order_id=pk) for order in orders))  # type: ignore[misc]
    assert bought() == {A: (2, 20, "EA")}


def test_the_first_filling_says_the_same_as_the_events(synced: SandboxProcess, cast: Cast) -> None:
    placed_order((A, "10", "EA", None), (B, "2", "EA", None))
    placed_order((A, "30", "EA", None), account="SUMMIT")
    work_until_idle()
    by_events = (bought(), bought("SUMMIT"))
    Purchase.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(which=""))
    assert (bought(), bought("SUMMIT")) == by_events


def test_the_page_shows_one_row_an_item_by_period_and_text(bea: Client, cast: Cast) -> None:
    placed_order((A, "10", "EA", None), (B, "2", "EA", None))
    placed_order((A, "30", "EA", None))
    placed_order(("HTL-40001", "1", "EA", None), account="SUMMIT")
    work_until_idle()
    old = Purchase.objects.get(item__sku=B)
    Purchase.objects.filter(pk=old.pk).update(last_at=old.last_at - dt.timedelta(days=60))

    def shown(query: str = "") -> list[str]:
        return [row.offer.item.sku for row in bea.get(f"/purchased/{query}").context["rows"]]

    assert shown() == [A, B]
    assert shown("?period=30") == [A]
    assert shown("?period=90") == [A, B]
    ItemCrossReference.objects.create(account=cast.harbor, item_id=old.item_id, code="HH-9", code_norm="HH9")
    assert shown("?q=hh9") == [B]
    assert shown("?q=plb+30001") == [B]
    assert shown("?q=hammer") == [], "nothing that others bought"
    assert "Nothing that you bought fits" in bea.get("/purchased/?q=hammer").content.decode()
    page = bea.get("/purchased/").content.decode()
    assert "2 times" in page
    assert "HTL-40001" not in page
    assert [sku in bea.get("/catalogue/?bought=1").content.decode() for sku in (A, B, "HTL-40001")] == [1, 1, 0]


def test_the_day_it_was_bought_is_the_readers_not_the_database_s(bea: Client, cast: Cast) -> None:
    placed_order((A, "10", "EA", None))
    work_until_idle()
    Purchase.objects.update(last_at=dt.datetime(2026, 1, 15, 3, tzinfo=dt.UTC))
    for address in ("/purchased/", f"/catalogue/{A}/"):
        page = bea.get(address).content.decode()
        assert "14 Jan 2026" in page
        assert "15 Jan 2026" not in page


def test_ticked_rows_go_into_the_cart_as_last_time_and_typed_ones_as_typed(bea: Client, cast: Cast) -> None:
    placed_order((A, "10", "EA", None), (B, "2", "EA", None), ("HTL-40001", "3", "EA", None))
    work_until_idle()
    first, second, third = (Item.objects.get(sku=sku).pk for sku in (A, B, "HTL-40001"))
    form = {
        f"tick.{first}": "1", f"quantity.{first}": "", f"unit.{first}": "EA", f"quantity.{second}": "7",
        f"unit.{second}": "EA", f"quantity.{third}": "0", f"unit.{third}": "EA",
    }  # fmt: skip
    assert bea.post("/purchased/order/", form).headers["Location"] == "/cart/"
    assert {line.item.sku: line.quantity for line in DraftLine.objects.all()} == {A: 10, B: 7}
    bea.post("/lists/add/", {"list": "new", "name": "Again", **form})
    assert [line.item.sku for line in ShoppingList.objects.get().lines.all()] == [A], "what is ticked"
    page = bea.post("/purchased/order/", {f"quantity.{first}": "1.5", "here": "q=fst&period=90"})
    assert (page.status_code, page.context["q"], page.context["period"]) == (422, "fst", "90")
    never = Item.objects.get(sku="FST-10002").pk
    assert bea.post("/purchased/order/", {f"quantity.{never}": "1"}).status_code == 404, "never bought"
    assert DraftLine.objects.count() == 2


def test_a_stranger_buys_nothing_of_ours_again(bea: Client, cast: Cast) -> None:
    placed_order((A, "10", "EA", None))
    work_until_idle()
    stranger = signed_in(cast.stranger)
    assert stranger.get("/purchased/").context["rows"] == []
    assert "Nothing was bought yet" in stranger.get("/purchased/").content.decode()
    pk = Item.objects.get(sku=A).pk
    assert stranger.post("/purchased/order/", {f"tick.{pk}": "1", f"quantity.{pk}": ""}).status_code == 404
    item = stranger.get(f"/catalogue/{A}/").content.decode()
    assert "Never ordered yet" in item
    assert "Last ordered" in bea.get(f"/catalogue/{A}/").content.decode()


def test_many_rows_cost_as_many_queries_as_one(bea: Client, cast: Cast) -> None:
    order = placed_order((A, "10", "EA", None))
    work_until_idle()
    counts = []
    items = list(Item.objects.exclude(sku=A).values_list("pk", flat=True)[:120])
    for _ in range(2):
        bea.get("/purchased/")
        with CaptureQueriesContext(connection) as queries:
            bea.get("/purchased/")
        counts.append(len(queries))
        assert not [query for query in queries if "COUNT(" in query["sql"].upper() and "purchase" in query["sql"]]
        row = Purchase.objects.get(item__sku=A)
        Purchase.objects.bulk_create(
            Purchase(
                account=cast.harbor, item_id=pk, times=1, last_order=order, last_at=row.last_at, last_unit="EA",
                last_quantity=1, last_base_quantity=1, currency="USD",
            )
            for pk in items
        )  # fmt: skip
        items = []
    assert counts[0] == counts[1]
    page = bea.get("/purchased/").context["page"]
    seen = {row.item_id for row in page.rows}
    while page.older:
        page = bea.get("/purchased/", {"cursor": page.older}).context["page"]
        assert not seen & {row.item_id for row in page.rows}
        seen |= {row.item_id for row in page.rows}
    assert len(seen) == 121


def test_an_account_without_orders_has_nothing_to_count(cast: Cast, synced: SandboxProcess) -> None:
    count_purchases(account_id=cast.harbor.pk, item_ids=[Item.objects.get(sku=A).pk])
    assert bought() == {}
