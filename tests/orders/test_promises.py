"""The order page tells what was promised first, what holds now, and who changed it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.events.sweeper import work_until_idle
from inventory.models import Reservation, StockLevel
from inventory.process.applying import apply_stock
from inventory.process.reservations import Departed, note_departure
from inventory.queries.items import item_with_sku
from inventory.queries.promises import promise_logs
from orders.models import Order, OrderLine
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.inventory.test_stock import stock_change
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def place(sku: str, quantity: str) -> Order:
    order = asked((sku, quantity, "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}")
    return place_order(order=order, source_key=f"t:{uuid.uuid4()}").order


def line_of(order: Order) -> OrderLine:
    return order.lines.get()


def test_what_is_there_now_is_promised_now_and_the_rest_of_the_next_receipt(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    StockLevel.objects.filter(item=item).update(available=0, supply_on=None, supply_quantity=0)
    level = StockLevel.objects.filter(item=item).select_related("warehouse").earliest("warehouse__code")
    due = level.as_of.date() + dt.timedelta(days=9)
    StockLevel.objects.filter(pk=level.pk).update(available=60, supply_on=due, supply_quantity=70)
    first, second = place("FST-10001", "100"), place("FST-10001", "50")
    logs = promise_logs(demand_refs=[line_of(first).demand_ref, line_of(second).demand_ref])
    told = [(int(p.quantity), p.warehouse) for p in logs[line_of(first).demand_ref].now.parts]
    assert told == [(60, level.warehouse.code), (40, level.warehouse.code)]
    assert logs[line_of(first).demand_ref].now.promised_on == due
    short = logs[line_of(second).demand_ref].now
    assert [(int(p.quantity), p.on) for p in short.parts] == [(30, due), (20, None)], "the first one has the other 40"
    assert short.promised_on is None
    assert [line_of(o).status for o in (first, second)] == ["backordered", "backordered"]
    assert [line_of(o).reserved_quantity for o in (first, second)] == [60, 0]


def test_what_was_promised_of_a_supply_is_held_until_none_is_announced(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    StockLevel.objects.filter(item=item).update(available=0, supply_on=None)
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    StockLevel.objects.filter(pk=level.pk).update(supply_on=dt.date(2099, 1, 1), supply_quantity=70)
    order = place("FST-10001", "50")
    Reservation.objects.filter(demand_ref=line_of(order).demand_ref).update(erp_allocated_at=level.as_of)
    minute = dt.timedelta(minutes=1)
    waiting = stock_change(item, "0", level.as_of + minute)
    payload = {**waiting.payload, "supply_on": "2099-01-01", "supply_quantity": "70"}
    apply_stock([replace(waiting, payload=payload)])
    held = Reservation.objects.filter(demand_ref=line_of(order).demand_ref, state="held")
    assert held.get().quantity == 50
    apply_stock([stock_change(item, "20", level.as_of + 2 * minute)])
    assert not held.exists()


def test_what_has_left_holds_no_supply_once_the_figure_is_as_new(synced: SandboxProcess) -> None:
    item = item_with_sku("FST-10001")
    StockLevel.objects.filter(item=item).update(available=0, supply_on=None)
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    StockLevel.objects.filter(pk=level.pk).update(supply_on=dt.date(2099, 1, 1), supply_quantity=70)
    order = place("FST-10001", "50")
    held = Reservation.objects.filter(demand_ref=line_of(order).demand_ref, state="held")
    held.update(erp_allocated_at=level.as_of)
    minute = dt.timedelta(minutes=1)
    note_departure(departed=[Departed(ref=line_of(order).demand_ref)], at=level.as_of + minute)
    assert held.exists(), "the figure that is known is older"
    newer = stock_change(item, "0", level.as_of + minute)
    apply_stock([replace(newer, payload={**newer.payload, "supply_on": "2099-06-01", "supply_quantity": "9"})])
    assert not held.exists()


def test_the_order_page_tells_first_and_now_and_who_changed_it(synced: SandboxProcess, cast: Cast) -> None:
    order = place("FST-10001", "10")
    work_until_idle()
    log = promise_logs(demand_refs=[line_of(order).demand_ref])[line_of(order).demand_ref]
    assert [entry.by for entry in log.entries] == ["the portal", "the ERP"]
    order.refresh_from_db()
    assert log.now.promised_on == line_of(order).promised_on
    assert sum(part.quantity for part in log.now.parts) == Decimal(10)
    page = signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()
    assert "Promises" in page
    assert "First promised" in page
    assert f"by the ERP, confirmed as {order.erp_number}" in page
    assert signed_in(cast.stranger).get(f"/orders/{order.number}/").status_code == 404
