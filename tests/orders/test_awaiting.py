"""Lines that nothing was held for, and those whose only day is the ERP's, follow what the ERP announces and moves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from distportal.events.models import Job, OutboxEvent
from distportal.events.sweeper import work_until_idle
from distportal.systems.erp.port import ConfirmedLine, OrderState
from inventory.models import Reservation, StockLevel
from inventory.process.repromising import find_displaced
from inventory.queries.availability import availability_of
from inventory.queries.items import item_with_sku
from orders.models import ErpCommand, Order
from orders.process.confirmation import record_confirmation
from orders.process.repromising import repromise_orders
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.process.departures import depart
from tests.orders.changes.conftest import ask, cancellation
from tests.orders.test_repromising import SKU, late_cases, line_of, log_of, only_stock, place, repromised, told
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(synced: SandboxProcess) -> dt.date:
    """There is nothing of the item and nothing is announced; the day that a receipt could come on."""
    rows = StockLevel.objects.filter(item__sku=SKU)
    rows.update(available=0, supply_on=None, supply_quantity=0, supplies=[])
    return rows.earliest("warehouse__code").as_of.date() + dt.timedelta(days=9)


def confirm(order: Order, day: dt.date | None, *, quantity: str = "0") -> None:
    """The ERP takes the order, sets so much aside and promises the rest, or all, for the day."""
    command = ErpCommand.objects.get(order=order)
    level = StockLevel.objects.filter(item__sku=SKU).select_related("warehouse").earliest("warehouse__code")
    line = ConfirmedLine(
        line_key="1", quantity=Decimal(quantity), unit_price=line_of(order).unit_price or Decimal(0),
        confirmed_on=day, warehouse=level.warehouse.code,
    )  # fmt: skip
    state = OrderState(
        order_key=command.order_key, erp_id=f"E{order.number}", number=f"77{order.number}", stage="accepted",
        as_of=level.as_of, lines=(line,), total=order.total,
    )  # fmt: skip
    record_confirmation(command_id=command.pk, state=state)
    Job.objects.filter(kind="orders.send_command").delete()


def held(order: Order) -> list[tuple[int, dt.date | None]]:
    rows = Reservation.objects.filter(demand_ref=line_of(order).demand_ref, state="held").order_by("due_on")
    return [(int(row.quantity), row.due_on) for row in rows]


def free_by(day: dt.date) -> Decimal:
    """What can be promised of the item for that day, in the warehouse that the feed tells of."""
    level = StockLevel.objects.filter(item__sku=SKU).earliest("warehouse__code")
    places = availability_of(item_ids=[level.item_id])[level.item_id].by_warehouse
    return next(place for place in places if place.warehouse_id == level.warehouse_id).available_by(day)


def test_a_line_without_a_day_gets_one_when_a_receipt_is_announced(empty: dt.date, cast: Cast) -> None:
    order = place("40", requested_on=empty - dt.timedelta(days=2))
    assert (log_of(order).now.promised_on, held(order)) == (None, [])
    told((empty, 100))
    only_stock()
    log = log_of(order)
    assert [entry.promised_on for entry in log.entries] == [None, empty]
    assert (log.now.by, log.now.reason) == ("the ERP", f"a receipt of {empty:%d %b %Y} was announced")
    assert held(order) == [(40, empty)]
    assert free_by(empty) == 60, "nobody else is promised these 40"
    [event] = repromised(order)
    assert event["lines"] == [{"line": "1", "was": None, "now": empty.isoformat(), "reason": log.now.reason}]
    assert [status for status, _ in late_cases(order)] == ["new"]
    page = signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()
    assert log.now.reason in page
    assert signed_in(cast.stranger).get(f"/orders/{order.number}/").status_code == 404
    told((empty, 100), minutes=2)
    only_stock()
    assert (len(log_of(order).entries), len(repromised(order))) == (2, 1), "told again it is no news"


def test_the_erps_own_day_holds_as_long_as_the_receipt_comes_by_then(empty: dt.date) -> None:
    """The ERP says a day of its own; our figures come to another one later, and the receipt moves twice."""
    order = place("40")
    day = empty + dt.timedelta(days=3)
    confirm(order, day)
    told((empty, 100))
    only_stock()
    assert (log_of(order).now.promised_on, log_of(order).now.by) == (day, "the ERP")
    assert held(order) == [(40, empty)], "the receipt that its day rests on"
    told((empty + dt.timedelta(days=2), 100), minutes=2)
    only_stock()
    assert log_of(order).now.promised_on == day, "still in time"
    assert repromised(order) == []
    later = day + dt.timedelta(days=10)
    told((later, 100), minutes=3)
    only_stock()
    log = log_of(order)
    assert (log.first.promised_on, log.now.promised_on, line_of(order).promised_on) == (None, later, later)
    assert log.now.reason == f"the receipt of {empty + dt.timedelta(days=2):%d %b %Y} moved to {later:%d %b %Y}"
    assert held(order) == [(40, later)]
    assert len(repromised(order)) == 1


def test_what_we_held_and_the_erp_dated_otherwise_follows_the_receipt_beyond_its_day(empty: dt.date) -> None:
    told((empty, 100))
    order = place("40")
    assert held(order) == [(40, empty)]
    day = empty + dt.timedelta(days=3)
    confirm(order, day)
    told((empty + dt.timedelta(days=1), 100), minutes=2)
    only_stock()
    assert log_of(order).now.promised_on == day
    told((empty + dt.timedelta(days=30), 100), minutes=3)
    only_stock()
    assert [entry.promised_on for entry in log_of(order).entries] == [empty, day, empty + dt.timedelta(days=30)]


def test_a_receipt_that_comes_earlier_changes_no_word_of_the_erp(empty: dt.date) -> None:
    """Its receipt was announced for later than the day it told: its word counts until that receipt is put off."""
    order = place("40")
    confirm(order, empty)
    told((empty + dt.timedelta(days=9), 100))
    only_stock()
    told((empty + dt.timedelta(days=5), 100), minutes=2)
    only_stock()
    assert log_of(order).now.promised_on == empty
    told((empty + dt.timedelta(days=20), 100), minutes=3)
    only_stock()
    assert log_of(order).now.promised_on == empty + dt.timedelta(days=20)


def test_who_waits_longest_is_served_first_and_who_gets_none_is_left_alone(empty: dt.date) -> None:
    first, second, third = place("40"), place("40"), place("15")
    told((empty, 60))
    only_stock()
    assert [held(order) for order in (first, second, third)] == [[(40, empty)], [], [(15, empty)]]
    assert [len(repromised(order)) for order in (first, second, third)] == [1, 0, 1]
    assert log_of(second).now.promised_on is None


def test_what_leaves_together_has_the_day_of_what_is_awaited(empty: dt.date) -> None:
    level = StockLevel.objects.filter(item__sku=SKU).earliest("warehouse__code")
    StockLevel.objects.filter(pk=level.pk).update(available=60)
    order = place("100", ship_complete=True)
    assert [(int(p.quantity), p.on) for p in log_of(order).now.parts] == [(60, None), (40, None)]
    told((empty, 100))
    StockLevel.objects.filter(pk=level.pk).update(available=60)
    only_stock()
    assert [(int(p.quantity), p.on) for p in log_of(order).now.parts] == [(60, empty), (40, empty)]
    assert (line_of(order).promised_on, held(order)) == (empty, [(40, empty), (60, None)])


def test_what_the_erp_set_aside_or_has_passed_is_not_promised_anew(empty: dt.date) -> None:
    full, past = place("40"), place("20")
    confirm(full, empty, quantity="40")
    confirm(past, empty - dt.timedelta(days=60))
    told((empty, 100))
    only_stock()
    assert (held(full), held(past)) == ([], [])
    assert (repromised(full), repromised(past)) == ([], [])


def test_what_is_held_late_ends_with_the_goods_and_with_a_cancellation(empty: dt.date) -> None:
    sent, gone = place("40"), place("20")
    confirm(sent, None)
    told((empty, 100))
    only_stock()
    assert (held(sent), held(gone)) == ([(40, empty)], [(20, empty)])
    assert ask(gone, cancellation()).status == "applied"
    assert held(gone) == []
    depart(sent, ("1", "40", 1))
    told((empty, 60), minutes=60 * 24 * 30)
    assert held(sent) == [], "the figure is newer than what left"


def test_by_the_feed_it_follows_by_itself_and_other_items_are_not_looked_at(empty: dt.date) -> None:
    order = place("40")
    Job.objects.filter(kind="orders.send_command").delete()
    told((empty, 100))
    jobs = list(Job.objects.filter(kind="inventory.repromise").values_list("key", flat=True))
    assert jobs == [str(item_with_sku(SKU).pk)]
    work_until_idle()
    assert held(order) == [(40, empty)]
    place("1")
    assert not Job.objects.filter(kind="inventory.repromise", state="ready").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_new_order_hold_it_once(empty: dt.date) -> None:
    orders = [place("10") for _ in range(3)]
    told((empty, 35))
    find_displaced(item_id=item_with_sku(SKU).pk)
    payload = OutboxEvent.objects.get(type="supply.moved").payload

    def again() -> int:
        return repromise_orders(item_id=payload["item"], demand_refs=payload["demands"])

    done = at_once(again, lambda: place("5"), again)
    assert sum(n for n in done if isinstance(n, int)) in (2, 3)
    rows = Reservation.objects.filter(item__sku=SKU, state="held")
    assert sum(row.quantity for row in rows) <= 35, "never more than comes"
    assert len({row.demand_ref for row in rows}) == rows.count()
    assert all(len(log_of(order).entries) <= 2 for order in orders)
