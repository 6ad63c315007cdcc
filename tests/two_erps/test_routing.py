"""Which ERP an order goes to, by what its rows say alone; and at the second of a switch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from functools import partial

import pytest

from distportal.accounts.models import Account
from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from inventory.models import Item, Reservation, StockLevel
from inventory.queries.availability import Availability, WarehouseStock
from inventory.queries.timeline import timeline_of
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from orders.process.routing import Need, Route, only_of, route_order
from orders.process.switching.applying import apply_switch
from orders.process.switching.planning import plan_switch
from tests.at_once import at_once
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.two_erps.conftest import SKU, Two


def places(**erps: tuple[str, int]) -> Availability:

    day = dt.date(2026, 11, 25)
    made = tuple(
        WarehouseStock(
            warehouse_id=n, code=code, name=code, figure=Decimal(free), available=Decimal(free),
            supply_on=None, supply_quantity=Decimal(0),
            supplies=(), timeline=timeline_of(today=day, available=Decimal(free), held=(), supplies=()), erp=erp,
        )
        for n, (code, (erp, free)) in enumerate(erps.items(), 1)
    )  # fmt: skip
    return Availability(total=sum((p.available for p in made), Decimal(0)), by_warehouse=made, as_of=None)


def route(
    account: str, items: Mapping[str, str], stock: Mapping[str, Availability], *, wanted: int = 5, given: str = ""
) -> Route:
    rows = {sku: Item(pk=n, sku=sku, erp=erp) for n, (sku, erp) in enumerate(items.items(), 1)}
    needs = [Need(line_no=str(n), item=item, quantity=Decimal(wanted)) for n, item in enumerate(rows.values(), 1)]
    return route_order(
        account=Account(code="HARBOR", erp=account),
        needs=needs,
        stock={rows[sku].pk: known for sku, known in stock.items()},
        given=given,
    )


HOME = places(EAST=("default", 50))
BOTH = places(EAST=("default", 3), WEST=("new", 50))
AWAY = places(WEST=("new", 50))


@pytest.mark.parametrize(
    ("account", "items", "stock", "erp", "strays"),
    [
        ("default", {"A": "default"}, {"A": HOME}, "default", {}),
        ("default", {"A": "default"}, {}, "default", {}),
        ("new", {"A": "default", "B": "default"}, {"A": HOME, "B": HOME}, "new", {}),
        ("default", {"A": "new"}, {"A": AWAY}, "new", {}),
        ("default", {"A": "default", "B": "new"}, {"A": HOME, "B": AWAY}, "new", {}),
        ("new", {"A": "third"}, {"A": places(X=("third", 9))}, "new", {"1": "third"}),
        ("default", {"A": "new", "B": "third"}, {"A": AWAY}, "new", {"2": "third"}),
        ("default", {"A": "default"}, {"A": BOTH}, "new", {}),
        ("default", {"A": "default", "B": "default"}, {"A": BOTH, "B": HOME}, "default", {}),
        ("default", {"A": "default", "B": "default"}, {"A": AWAY, "B": HOME}, "default", {"1": "new"}),
        ("third", {"A": "default"}, {"A": AWAY}, "third", {"1": "new"}),
    ],
)
def test_one_order_goes_to_one_erp(
    account: str, items: dict[str, str], stock: dict[str, Availability], erp: str, strays: dict[str, str]
) -> None:
    found = route(account, items, stock)
    assert (found.erp, dict(found.strays)) == (erp, strays)


def test_what_was_given_to_an_erp_stays_there() -> None:
    found = route("third", {"A": "new"}, {"A": AWAY}, given="default")
    assert (found.erp, dict(found.strays)) == ("default", {})


def test_only_what_the_orders_erp_may_use_is_offered() -> None:
    assert [p.code for p in only_of(BOTH, "new").by_warehouse] == ["EAST", "WEST"]
    assert [p.code for p in only_of(BOTH, "default").by_warehouse] == ["EAST"]
    assert only_of(BOTH, "default").total == 3
    assert only_of(AWAY, "default") is AWAY, "somebody has to say so; nothing is hidden"


@pytest.mark.django_db(transaction=True)
def test_an_order_at_the_second_of_the_switch_is_in_exactly_one_erp_and_its_stock_counts(cast: Cast, two: Two) -> None:
    switch = plan_switch(kind="item", keys=[SKU], to="new", due_at=database_now(), reason="wave", actor="Olga")
    orders = [asked((SKU, "7", "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}") for _ in range(4)]
    places_ = [partial(place_order, order=one, source_key=f"race:{uuid.uuid4()}") for one in orders]
    at_once(*places_[:2], partial(apply_switch, switch_id=switch.pk), *places_[2:])
    work_until_idle()
    for order in Order.objects.all():
        there = {name: len(erp.orders(f"NL-{order.number}")) for name, erp in (("default", two.old), ("new", two.new))}
        assert there == {"default": 0, "new": 0} | {order.erp: 1}
        assert ErpCommand.objects.get(order=order).erp == order.erp
        [held] = Reservation.objects.filter(demand_ref=order.lines.get().demand_ref)
        if order.erp == "default":
            assert held.state == "held", "no figure of the new ERP will include it"
    assert set(StockLevel.objects.filter(item__sku=SKU).values_list("erp", flat=True)) == {"new"}
    assert Order.objects.count() == 4
