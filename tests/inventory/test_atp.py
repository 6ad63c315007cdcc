"""What can be promised by a day, over warehouses, with what others hold of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from inventory.models import Item, Reservation, StockLevel, Warehouse
from inventory.process.reservations import Demand, Holding, Limits, hold_stock, locked_availability
from inventory.queries.atp import Promisable, availability_on
from tests.days import ahead

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(db: None) -> Item:
    row = Item.objects.create(
        sku="A", erp_code="A", code_norm="A", name="A", family="x", list_price=1, as_of=timezone.now()
    )
    for code, available, supplies in (("DAYTON", 60, {ahead(9): 10, ahead(20): 30}), ("RENO", 5, {ahead(9): 500})):
        place = Warehouse.objects.create(code=code, name=code.title())
        told = [{"on": on.isoformat(), "quantity": str(quantity)} for on, quantity in supplies.items()]
        StockLevel.objects.create(
            item=row,
            warehouse=place,
            on_hand=available,
            available=available,
            as_of=timezone.now(),
            supplies=told,
            supply_on=ahead(9),
        )
    return row


def on(item: Item, day: dt.date, quantity: int = 100, split: int = 1) -> Promisable:
    return availability_on(wanted={item.pk: Decimal(quantity)}, on=day, split=split)[item.pk]


@transaction.atomic
def hold(item: Item, quantity: int, ref: str, split: int = 1) -> Holding:
    demand = Demand(ref=ref, item_id=item.pk, quantity=Decimal(quantity))
    return hold_stock(demands=[demand], stock=locked_availability(item_ids=[item.pk]), limits=Limits(split=split))[0]


def test_supplies_count_from_their_day_on(item: Item) -> None:
    days = (ahead(), ahead(9) - dt.timedelta(days=1), ahead(9), ahead(20))
    assert [on(item, day).by_warehouse["DAYTON"] for day in days] == [60, 60, 70, 100]
    assert on(item, ahead(9)).total == 575
    assert on(item, ahead()).complete_on == ahead(20)
    assert on(item, ahead(), split=2).complete_on == ahead(9)
    assert on(item, ahead(), quantity=9999).complete_on is None


def test_what_one_order_was_promised_of_a_supply_no_other_gets(item: Item) -> None:
    first = hold(item, 85, "order:a:1")
    assert [(p.quantity, p.due_on) for p in first.parts] == [(60, None), (10, ahead(9)), (15, ahead(20))]
    assert on(item, ahead(20)).by_warehouse["DAYTON"] == 15
    assert on(item, ahead()).by_warehouse["DAYTON"] == 0
    assert sorted(Reservation.objects.filter(state="held").values_list("quantity", flat=True)) == [10, 15, 60]


def test_an_order_that_asks_again_gives_back_what_it_does_not_need(item: Item) -> None:
    hold(item, 85, "order:a:1")
    hold(item, 3, "order:a:1")
    held = Reservation.objects.filter(state="held", demand_ref="order:a:1")
    assert [row.quantity for row in held] == [3]
    assert on(item, ahead(20)).total == 100 + 505 - 3


def test_two_warehouses_serve_one_demand(item: Item) -> None:
    parts = hold(item, 64, "order:a:1", split=2).parts
    assert [(p.warehouse_code, p.quantity, p.on) for p in parts] == [("DAYTON", 60, ahead()), ("RENO", 4, ahead())]


def test_many_items_cost_two_queries(item: Item, django_assert_num_queries: Callable[[int], object]) -> None:
    with django_assert_num_queries(2):
        availability_on(wanted={item.pk: Decimal(1), item.pk + 1: Decimal(1)}, on=ahead(20))
