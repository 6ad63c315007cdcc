"""What expires: which of it can be promised to whom and for when, and what holds take of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from distportal.events.clock import database_now
from distportal.systems.erp.port import Change
from inventory.models import Item, Reservation, StockLevel, Warehouse
from inventory.process.applying import apply_stock
from inventory.process.keeping import told_hazard, told_lots, told_shelf_life
from inventory.process.reservations import Demand, Holding, hold_stock, locked_availability
from inventory.queries.atp import availability_on
from inventory.queries.availability import availability_of
from inventory.queries.shelf import Lot, Shelf
from tests.days import ahead

TODAY = dt.date(2026, 1, 10)


def day(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=n)


def shelf(*lots: tuple[int, int | None], available: int | None = None, days: int = 0) -> Shelf:
    there = [
        Lot(lot=str(at), quantity=Decimal(quantity), expires_on=None if end is None else day(end))
        for at, (quantity, end) in enumerate(lots)
    ]
    total = sum((lot.quantity for lot in there), Decimal(0)) if available is None else Decimal(available)
    return Shelf(lots=there, available=total, days=days)


@pytest.mark.parametrize(
    ("leaves", "days", "lost"),
    [(0, 0, 0), (5, 0, 0), (6, 0, 10), (0, 6, 10), (0, 30, 30), (20, 0, 10), (21, 0, 30), (4, 17, 30)],
)
def test_what_expires_before_it_may_is_lost(leaves: int, days: int, lost: int) -> None:
    assert shelf((10, 5), (20, 20), (7, None), days=days).spoiled(day(leaves)) == lost


def test_lots_the_erp_has_promised_are_those_that_expire_first() -> None:
    there = shelf((10, 5), (20, 20), available=22)
    assert [there.spoiled(day(at)) for at in (0, 6, 21)] == [0, 2, 22]
    assert shelf((10, 5), available=-4).spoiled(day(30)) == 0


def test_more_than_the_lots_does_not_expire() -> None:
    assert shelf((10, 5), available=50).spoiled(day(99)) == 10


def test_who_is_content_with_less_takes_the_older_lots() -> None:
    there = shelf((10, 5), (10, 20), (10, 60))
    there.hold(Decimal(8), leaves=day(10))  # good for the second and the third lot
    assert there.spoiled(day(0)) == 0
    assert there.spoiled(day(6)) == 10, "the first lot; the hold may have the second"
    assert there.spoiled(day(30)) == 12, "the first lot and what the hold leaves of the second"
    there.hold(Decimal(9), leaves=day(0))
    assert there.spoiled(day(30)) == 3


def test_who_needs_better_leaves_the_older_lots_to_others() -> None:
    there = shelf((10, 5), (10, 60), days=30)
    there.hold(Decimal(10), leaves=day(0))
    assert there.spoiled(day(0)) == 10, "of the 10 that are left none is good for this buyer"
    assert Shelf(lots=(), available=Decimal(5)).spoiled(day(99)) == 0


def test_what_makes_no_sense_of_a_lot_is_passed_over() -> None:
    told = {
        "sku": "A",
        "lots": [
            {"lot": "1", "quantity": "4", "expires_on": "2026-02-30"},
            {"lot": "2", "quantity": "-4", "expires_on": None},
            {"lot": "3", "quantity": "4.500", "expires_on": None},
            {"lot": "4", "quantity": "0", "expires_on": "2026-02-20"},
        ],
    }
    assert told_lots(told) == [{"lot": "3", "quantity": "4.5", "expires_on": None}]
    assert [told_shelf_life({"least_shelf_life": days}) for days in (None, -3, 90, 99_999)] == [0, 0, 90, 0]
    assert told_hazard({"hazard": {"un_number": "un 1950", "hazard_class": "2.1", "limited_quantity": False}}) == {
        "un_number": "1950",
        "hazard_class": "2.1",
    }
    assert told_hazard({}) == {}


@pytest.fixture
def item(db: None) -> Item:
    row = Item.objects.create(
        sku="A", erp_code="A", code_norm="A", name="A", family="x", list_price=1, as_of=database_now(),
        least_shelf_life=30,
    )  # fmt: skip
    Warehouse.objects.create(code="DAYTON", name="Dayton")
    return row


def tell(*lots: tuple[str, int, int], seconds: int = 0, available: int | None = None) -> int:
    now = database_now() + dt.timedelta(seconds=seconds)
    told = [{"lot": name, "quantity": str(n), "expires_on": ahead(end).isoformat()} for name, n, end in lots]
    total = sum(n for _, n, _ in lots) if available is None else available
    data = {
        "sku": "A", "warehouse": "DAYTON", "on_hand": str(total), "available": str(total), "as_of": now.isoformat(),
        "supply_on": None, "supply_quantity": "0", "lots": told,
    }  # fmt: skip
    return apply_stock([Change(kind="stock", erp_id="A/D", version="1", occurred_at=now, payload=data)]).count


@transaction.atomic
def hold(item: Item, quantity: int, ref: str, *, shelf_life: int | None = None, wanted: int = 0) -> Holding:
    demand = Demand(ref=ref, item_id=item.pk, quantity=Decimal(quantity), wanted_on=ahead(wanted))
    return hold_stock(demands=[demand], stock=locked_availability(item_ids=[item.pk], shelf_life=shelf_life))[0]


def total(item: Item, shelf_life: int | None = None) -> Decimal:
    return availability_of(item_ids=[item.pk], shelf_life=shelf_life)[item.pk].total


def test_only_what_keeps_is_available_and_the_buyer_may_ask_for_more(item: Item) -> None:
    tell(("OLD", 40, 20), ("NEW", 60, 200))
    assert [total(item), total(item, 0), total(item, 20), total(item, 21), total(item, 300)] == [60, 100, 100, 60, 0]
    place = availability_of(item_ids=[item.pk])[item.pk].by_warehouse[0]
    assert (place.figure, place.available, place.too_old) == (100, 60, 40)
    later = availability_on(wanted={item.pk: Decimal(1)}, on=ahead(180), shelf_life=None)[item.pk]
    assert later.total == 0, "in half a year the new lot has less than thirty days left, too"


def test_holds_of_buyers_with_other_wishes_share_the_lots(item: Item) -> None:
    tell(("OLD", 40, 20), ("NEW", 60, 200))
    assert hold(item, 50, "order:a:1").quantity == 50
    assert Reservation.objects.get().good_until == ahead(30)
    assert (total(item), total(item, 0)) == (10, 50)
    assert hold(item, 45, "order:b:1", shelf_life=0).quantity == 45, "the old lot and what is left of the new one"
    assert (total(item), total(item, 0)) == (5, 5)
    assert hold(item, 9, "order:c:1").quantity == 5, "never more than is good for it"


def test_goods_wanted_later_have_to_keep_until_then(item: Item) -> None:
    tell(("OLD", 40, 20), ("NEW", 60, 200))
    assert hold(item, 30, "order:a:1", shelf_life=0, wanted=25).quantity == 30
    assert hold(item, 40, "order:b:1", shelf_life=0, wanted=25).quantity == 30
    assert total(item, 0) == 40, "the old lot is still there for who takes it at once"


def test_new_lots_are_taken_over_with_the_figure_and_an_older_figure_never(item: Item) -> None:
    tell(("OLD", 40, 20))
    assert tell(("OLD", 10, 20), ("NEW", 5, 99), seconds=5) == 1
    assert tell(("ANCIENT", 99, 99), seconds=-5) == 0
    row = StockLevel.objects.get()
    assert [(lot["lot"], lot["quantity"]) for lot in row.lots] == [("OLD", "10"), ("NEW", "5")]
    assert tell(seconds=9, available=3) == 1
    row.refresh_from_db()
    assert row.lots == []
    assert total(item) == 3
