"""Availability is the ERP's figure less what it has not seen, never less than nothing, and says how old it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from distportal.systems.erp.port import Change
from inventory.errors import NowhereStocked
from inventory.models import FeedCursor, Item, Reservation, StockLevel
from inventory.process.applying import apply_stock
from inventory.process.reservations import (
    Demand,
    Departed,
    Holding,
    Limits,
    hold_stock,
    locked_availability,
    note_departure,
    note_erp_allocation,
    release,
)
from inventory.process.sync import sync_feed
from inventory.queries.availability import availability_of, freshness
from inventory.queries.items import item_with_sku
from tests.at_once import at_once
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def total(item: Item) -> Decimal:
    return availability_of(item_ids=[item.pk])[item.pk].total


@transaction.atomic
def held(*demands: Demand) -> list[Holding]:
    return hold_stock(demands=demands, stock=locked_availability(item_ids={d.item_id for d in demands}))


def hold(item: Item, quantity: str, ref: str = "order:x:1") -> Holding:
    return held(Demand(ref=ref, item_id=item.pk, quantity=Decimal(quantity)))[0]


def stock_change(item: Item, available: str, as_of: dt.datetime) -> Change:
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    return Change(
        kind="stock", erp_id=f"{item.erp_code}/x", version=as_of.isoformat(), occurred_at=as_of, deleted=False,
        payload={
            "sku": item.sku, "warehouse": level.warehouse.code, "on_hand": available, "available": available,
            "supply_on": None, "supply_quantity": "0", "as_of": as_of.isoformat(),
        },
    )  # fmt: skip


def test_reserving_and_releasing_moves_the_figure_by_as_much(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    before = total(item)
    assert hold(item, "10").quantity == 10
    assert total(item) == before - 10
    assert hold(item, "4").quantity == 4, "the same demand again is held once, at the new quantity"
    assert total(item) == before - 4
    release(demand_refs=["order:x:1"])
    assert total(item) == before


def test_it_never_falls_below_nothing_in_any_warehouse(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    others = total(item) - level.available
    Reservation.objects.create(
        demand_ref="order:x:1", item=item, warehouse_id=level.warehouse_id, quantity=level.available + 500
    )
    assert total(item) == others


def test_an_older_figure_never_overwrites_a_newer_one(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    minute = dt.timedelta(minutes=1)
    assert apply_stock([stock_change(item, "7", level.as_of - minute)]).count == 0
    assert apply_stock([stock_change(item, "7", level.as_of)]).count == 0
    newer = [stock_change(item, "9", level.as_of + 2 * minute), stock_change(item, "8", level.as_of + minute)]
    assert apply_stock(newer).count == 1
    level.refresh_from_db()
    assert level.available == 9


def test_what_nobody_stocks_cannot_be_reserved(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    StockLevel.objects.filter(item=item).delete()
    with pytest.raises(NowhereStocked):
        hold(item, "1")


def test_an_item_without_stock_tells_when_it_is_expected(synced: SandboxProcess) -> None:
    item = item_with_sku("PLB-30003")
    found = availability_of(item_ids=[item.pk])[item.pk]
    assert found.total == 0
    assert found.sentence.startswith("expected ")


@pytest.mark.django_db(transaction=True)
def test_eight_buyers_at_once_get_no_more_than_there_is(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    StockLevel.objects.filter(item=item).update(available=0)
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    StockLevel.objects.filter(pk=level.pk).update(available=50)

    at_once(*(partial(hold, item, "10", f"order:{number}:1") for number in range(8)))
    assert sum(r.quantity for r in Reservation.objects.filter(item=item, state="held")) == 50
    assert total(item) == 0


def test_demands_of_one_order_share_what_there_is_and_the_nearest_to_enough_wins(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    StockLevel.objects.filter(item=item).update(available=0)
    small, big = StockLevel.objects.filter(item=item).order_by("pk")[:2]
    StockLevel.objects.filter(pk=small.pk).update(available=12)
    StockLevel.objects.filter(pk=big.pk).update(available=20)
    demands = [Demand(ref=f"order:x:{n}", item_id=item.pk, quantity=Decimal(9)) for n in range(4)]
    found = [(h.warehouse_id, h.quantity) for h in held(*demands)]
    near, far = small.warehouse_id, big.warehouse_id
    assert found == [(near, 9), (far, 9), (far, 9), (near, 3)]
    assert total(item) == 2
    assert Reservation.objects.filter(state="held").count() == 4


@pytest.mark.django_db(transaction=True)
def test_orders_that_name_the_same_items_the_other_way_round_do_not_lock_each_other_out(
    synced: SandboxProcess,
) -> None:
    items = list(Item.objects.filter(stock__isnull=False).distinct().order_by("pk")[:20])

    @transaction.atomic
    def order(number: int) -> None:
        rows = items if number % 2 else items[::-1]
        for repeat in range(3):
            held(*(Demand(ref=f"{number}:{repeat}:{i.pk}", item_id=i.pk, quantity=Decimal(1)) for i in rows))

    at_once(*(partial(order, number) for number in range(6)))
    assert Reservation.objects.filter(state="held").exists()


def test_freshness_is_honest_when_the_erp_is_away(synced: SandboxProcess) -> None:
    from distportal.events.errors import RetryLater

    before = freshness()
    assert before.as_of is not None
    assert before.failing_since is None
    synced.faults({"kind": "error_503", "count": -1})
    with pytest.raises(RetryLater):
        sync_feed(kind="stock")
    away = freshness()
    assert away.as_of == before.as_of, "the figures did not get younger"
    assert away.failing_since is not None
    synced.faults()
    FeedCursor.objects.filter(kind="stock").update(last_error="kept until it works again")
    from distportal.systems.registry import forget_connections

    forget_connections()
    sync_feed(kind="stock")
    assert freshness().failing_since is None


def test_many_items_cost_two_queries(
    synced: SandboxProcess, django_assert_num_queries: Callable[[int], object]
) -> None:
    ids = list(Item.objects.values_list("pk", flat=True))
    with django_assert_num_queries(2):
        assert len(availability_of(item_ids=ids)) == 200


def test_what_one_warehouse_has_sent_ends_its_part_of_the_demand_alone(synced: SandboxProcess) -> None:
    item, ref = item_with_sku("FST-10001"), "order:parts:1"
    levels = StockLevel.objects.filter(item=item)
    levels.update(available=0, supply_on=None, supply_quantity=0)
    levels.filter(warehouse__code="RENO").update(supply_on=dt.date(2099, 1, 1), supply_quantity=60)
    levels.filter(warehouse__code="DAYTON").update(supply_on=dt.date(2099, 1, 2), supply_quantity=70)
    with transaction.atomic():
        demand = Demand(ref=ref, item_id=item.pk, quantity=Decimal(100))
        hold_stock(demands=[demand], stock=locked_availability(item_ids=[item.pk]), limits=Limits(split=2))
    at = levels.earliest("as_of").as_of
    note_erp_allocation(taken_at={ref: at})
    held = Reservation.objects.filter(demand_ref=ref, state="held").order_by("quantity")
    assert list(held.values_list("warehouse__code", "quantity")) == [("DAYTON", 40), ("RENO", 60)]
    note_departure(departed=[Departed(ref=ref, warehouse="RENO")], at=at)
    assert list(held.values_list("warehouse__code", flat=True)) == ["DAYTON"]
    note_departure(departed=[Departed(ref="order:another:1"), Departed(ref=ref, warehouse="NEWARK")], at=at)
    assert held.count() == 1
    note_departure(departed=[Departed(ref=ref)], at=at)
    assert held.count() == 0
