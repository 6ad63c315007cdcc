"""A receipt moves: the lines promised of it are promised anew, once, and everybody concerned is told."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.events.models import Job, OutboxEvent
from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from inventory.models import Promise, Reservation, StockLevel
from inventory.process import repromising
from inventory.process.applying import apply_stock
from inventory.process.repromising import find_displaced
from inventory.queries.items import item_with_sku
from inventory.queries.promises import PromiseLog, promise_logs
from orders.models import Order, OrderLine
from orders.process.intake import place_order
from orders.process.repromising import repromise_orders
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.days import ahead
from tests.inventory.test_stock import stock_change
from tests.orders.builders import asked
from tests.orders.changes.conftest import ask, cancellation, change, line_change
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
SKU = "FST-10001"


@pytest.fixture
def due(synced: SandboxProcess) -> dt.date:
    """One warehouse has none of the item and expects 100 in nine days."""
    item = item_with_sku(SKU)
    StockLevel.objects.filter(item=item).update(available=0, supply_on=None, supply_quantity=0, supplies=[])
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    day = level.as_of.date() + dt.timedelta(days=9)
    StockLevel.objects.filter(pk=level.pk).update(supply_on=day, supply_quantity=100)
    return day


def place(quantity: str, **changes: object) -> Order:
    wanted = replace(asked((SKU, quantity, "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}"), **changes)  # type: ignore[arg-type]
    return place_order(order=wanted, source_key=f"t:{uuid.uuid4()}").order


def told(*supplies: tuple[dt.date, int], minutes: int = 1) -> None:
    """The feed brings what the ERP announces now."""
    level = StockLevel.objects.filter(item__sku=SKU).select_related("item").earliest("warehouse__code")
    fact = stock_change(level.item, "0", level.as_of + dt.timedelta(minutes=minutes))
    rows = [{"on": on.isoformat(), "quantity": str(quantity), "reference": "PO-9"} for on, quantity in supplies]
    apply_stock([replace(fact, payload={**fact.payload, "supplies": rows})])


def log_of(order: Order) -> PromiseLog:
    ref = order.lines.get().demand_ref
    return promise_logs(demand_refs=[ref])[ref]


def line_of(order: Order) -> OrderLine:
    return order.lines.get()


def repromised(order: Order) -> list[dict[str, object]]:
    rows = OutboxEvent.objects.filter(aggregate_id=str(order.pk), type="order.repromised").order_by("seq")
    return [row.payload for row in rows]


def late_cases(order: Order) -> list[tuple[str, str]]:
    return list(Case.objects.filter(subject_id=str(order.pk), code="promise_late").values_list("status", "sentence"))


def only_stock() -> None:
    """What follows from a stock figure, without the ERP that would confirm the order meanwhile."""
    find_displaced(item_id=item_with_sku(SKU).pk)
    for event in OutboxEvent.objects.filter(type="supply.moved").order_by("seq"):
        repromise_orders(item_id=event.payload["item"], demand_refs=event.payload["demands"])


def test_a_later_receipt_gives_a_new_day_an_entry_an_event_and_a_case(due: dt.date, cast: Cast) -> None:
    later = due + dt.timedelta(days=14)
    wanted = due + dt.timedelta(days=2)
    order = place("40", requested_on=wanted)
    told((later, 100))
    only_stock()
    log = log_of(order)
    assert (log.first.promised_on, log.now.promised_on, log.now.by) == (wanted, later, "the ERP")
    assert log.now.reason == f"the receipt of {due:%d %b %Y} moved to {later:%d %b %Y}"
    assert line_of(order).promised_on == later
    assert Reservation.objects.get(demand_ref=line_of(order).demand_ref, state="held").due_on == later
    [event] = repromised(order)
    said = {"line": "1", "was": wanted.isoformat(), "now": later.isoformat(), "reason": log.now.reason}
    assert event["lines"] == [said]
    [(status, sentence)] = late_cases(order)
    assert status == "new"
    assert f"line 1 is promised for {later:%d %b %Y}, wanted by" in sentence
    page = signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()
    assert "Later than promised." in page
    assert "changed" in page
    assert log.now.reason in page
    assert signed_in(cast.stranger).get(f"/orders/{order.number}/").status_code == 404


def test_told_again_it_is_no_news_and_back_in_time_the_case_closes(due: dt.date) -> None:
    later = due + dt.timedelta(days=14)
    wanted = due + dt.timedelta(days=2)
    order = place("40", requested_on=wanted)
    for minutes in (1, 2):
        told((later, 100), minutes=minutes)
        only_stock()
    assert (len(log_of(order).entries), len(repromised(order))) == (2, 1)
    told((due, 100), minutes=3)
    only_stock()
    assert [entry.promised_on for entry in log_of(order).entries] == [wanted, later, wanted], "not before it is wanted"
    assert [status for status, _ in late_cases(order)] == ["resolved"]


def test_without_a_wish_a_later_day_is_no_case(due: dt.date) -> None:
    order = place("40")
    told((due + dt.timedelta(days=14), 100))
    only_stock()
    assert len(repromised(order)) == 1
    assert late_cases(order) == []


def test_who_was_promised_first_keeps_the_receipt_and_the_last_has_no_day(due: dt.date) -> None:
    first, second = place("60"), place("40", cancel_after=due + dt.timedelta(days=60))
    told((due, 60))
    only_stock()
    assert (len(log_of(first).entries), repromised(first)) == (1, [])
    assert log_of(second).now.promised_on is None
    assert [(p.quantity, p.on, p.why) for p in log_of(second).now.parts] == [(40, None, "no receipt is announced")]
    assert [status for status, _ in late_cases(second)] == ["new"]
    told((due, 60), (due + dt.timedelta(days=20), 40), minutes=2)
    only_stock()
    assert log_of(second).now.promised_on == due + dt.timedelta(days=20)
    assert [status for status, _ in late_cases(second)] == ["resolved"]


def test_by_the_feed_everything_follows_by_itself_in_portions(due: dt.date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repromising, "PORTION", 2)
    orders = [place("1") for _ in range(3)]
    Job.objects.filter(kind="orders.send_command").delete()  # the ERP's own word would count
    later = due + dt.timedelta(days=14)
    told((later, 100))
    work_until_idle()
    events = OutboxEvent.objects.filter(type="supply.moved").order_by("seq")
    assert [len(event.payload["demands"]) for event in events] == [2, 1]
    for order in orders:
        assert [entry.promised_on for entry in log_of(order).entries] == [due, later]
        assert len(repromised(order)) == 1


def test_two_workers_with_the_same_portion_move_it_once(due: dt.date) -> None:
    order = place("40")
    told((due + dt.timedelta(days=14), 100))
    find_displaced(item_id=item_with_sku(SKU).pk)
    payload = OutboxEvent.objects.get(type="supply.moved").payload
    for _ in range(2):
        repromise_orders(item_id=payload["item"], demand_refs=payload["demands"])
    assert (len(log_of(order).entries), len(repromised(order))) == (2, 1)


def test_a_cancelled_order_is_promised_nothing_and_is_left_alone(due: dt.date, synced: SandboxProcess) -> None:
    order = place("40", requested_on=due)
    told((due + dt.timedelta(days=14), 100))
    find_displaced(item_id=item_with_sku(SKU).pk)
    payload = OutboxEvent.objects.get(type="supply.moved").payload
    assert ask(order, cancellation()).status == "applied"
    before = Promise.objects.count()
    assert repromise_orders(item_id=payload["item"], demand_refs=payload["demands"]) == 0
    assert Promise.objects.count() == before
    now = log_of(order).now
    assert (now.parts, now.reason) == ((), "cancelled by Jo")
    assert not log_of(order).later


def test_a_granted_change_is_in_the_log_with_who_asked(synced: SandboxProcess) -> None:
    rows = ((SKU, "100", "EA", None), ("FST-10002", "12", "EA", None))
    order = place_order(order=asked(*rows, po=f"PO-{uuid.uuid4().hex[:8]}"), source_key=f"t:{uuid.uuid4()}").order
    work_until_idle()
    order.refresh_from_db()
    done = ask(
        order,
        change(
            line_change("1", quantity=Decimal(60), requested_on=ahead(50)),
            line_change("2", "delete"),
            line_change("3", "add", sku=SKU, quantity=Decimal(10), unit="EA"),
        ),
    )
    assert done.status == "applied"
    logs = promise_logs(demand_refs=[line.demand_ref for line in order.lines.all()])
    one, two, three = (logs[f"order:{order.pk}:{n}"] for n in "123")
    assert [(int(p.quantity), p.on) for p in one.now.parts] == [(60, ahead(50))]
    assert (one.now.by, one.now.reason) == ("Jo", f"{done} was granted by the ERP")
    assert (two.now.parts, two.now.by, two.later) == ((), "Jo", False)
    assert sum(p.quantity for p in three.now.parts) == 10
    assert three.first == three.now


@pytest.mark.django_db(transaction=True)
def test_a_new_order_and_a_moved_receipt_do_not_block_each_other(due: dt.date) -> None:
    orders = [place("10") for _ in range(4)]
    told((due + dt.timedelta(days=14), 100))
    find_displaced(item_id=item_with_sku(SKU).pk)
    payload = OutboxEvent.objects.get(type="supply.moved").payload

    def again() -> int:
        return repromise_orders(item_id=payload["item"], demand_refs=payload["demands"])

    def more() -> Order:
        return place("5")

    done = at_once(again, more, again, more)
    assert sorted(n for n in done if isinstance(n, int)) == [0, 4]
    assert [len(log_of(order).entries) for order in orders] == [2, 2, 2, 2]
    held = Reservation.objects.filter(item__sku=SKU, state="held")
    assert sum(row.quantity for row in held) == 50
