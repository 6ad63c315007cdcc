"""One suite for every way to reach a warehouse: over HTTP, and by 940 and 945."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.warehouse import WarehouseOrder
from distportal.events.sweeper import work_until_idle
from distportal.systems.errors import Conflict
from distportal.systems.wms.port import Instruction, WmsPort
from orders.models import Order, Shipment, WarehouseAdvice, WarehouseRelease
from orders.process.releasing import plan_releases
from tests.edi.process.departures import depart
from tests.logistics.conftest import cases, release_of
from tests.logistics.worlds import World

pytestmark = pytest.mark.django_db
Place = Callable[..., Order]


def replan(order: Order) -> list[WarehouseRelease]:
    made = plan_releases(order_id=order.pk)
    work_until_idle()
    return made


def test_the_adapter_answers_and_says_what_it_can(world: World) -> None:
    port = world.port()
    assert isinstance(port, WmsPort)
    assert port.health().ok
    assert (port.capabilities().feed == "push") == world.tells_by_itself
    assert list(port.find_release("SO-0-NOWHERE")) == []


def test_a_confirmed_order_is_released_once(world: World, place: Place) -> None:
    order = place()
    row = release_of(order)
    assert (row.state, row.purpose, row.sequence, row.attempts) == ("confirmed", "original", 1, 1)
    assert row.reference == f"{order}-{row.warehouse.code}"
    assert row.number
    assert world.asked(row.reference) == [(1, {"1": Decimal(10), "2": Decimal(4)})]
    assert replan(order) == []
    assert order.releases.count() == 1
    assert cases() == []


def test_a_change_and_an_end_follow_under_the_same_number(world: World, place: Place) -> None:
    order = place()
    first = release_of(order)
    order.lines.filter(line_no="1").update(confirmed_quantity=Decimal(6))
    [change] = replan(order)
    change.refresh_from_db()
    assert (change.purpose, change.state, change.reference) == ("change", "confirmed", first.reference)
    assert world.asked(first.reference) == [(2, {"1": Decimal(6), "2": Decimal(4)})]
    order.lines.update(status="cancelled")
    [end] = replan(order)
    end.refresh_from_db()
    assert (end.purpose, end.state) == ("cancel", "confirmed")
    assert world.asked(first.reference) == [(3, {})]
    assert replan(order) == []
    order.lines.update(status="accepted")
    [again] = replan(order)
    again.refresh_from_db()
    assert (again.purpose, again.reference, again.state) == ("original", f"{first.reference}-4", "confirmed")
    assert cases() == []


def test_the_same_instruction_again_is_the_same_and_another_under_its_sequence_a_conflict(
    world: World, place: Place
) -> None:
    row = release_of(place())
    told = Instruction(
        reference=row.reference,
        sequence=1,
        content_hash=row.content_hash,
        order=from_json(WarehouseOrder, row.canonical),
    )
    port = world.port()
    assert port.release(told).sequence == 1
    [held] = port.find_release(row.reference)
    assert (held.reference, held.sequence, held.stage) == (row.reference, 1, "received")
    other = replace(told, content_hash="other", order=replace(told.order, lines=told.order.lines[:1]))
    with pytest.raises(Conflict) as caught:
        port.release(other)
    assert caught.value.code == "wms.content_differs"
    assert world.asked(row.reference) == [(1, {"1": Decimal(10), "2": Decimal(4)})]


def test_what_left_waits_for_the_erp_and_then_agrees(world: World, place: Place) -> None:
    order = place()
    row = release_of(order)
    world.ship(row.reference)
    [advice] = WarehouseAdvice.objects.all()
    assert (advice.state, advice.lines, advice.number) == ("waiting", {"1": "10", "2": "4"}, "WH-1")
    assert not Shipment.objects.exists(), "the ERP alone makes shipments"
    order.refresh_from_db()
    assert order.status == "confirmed"
    row.refresh_from_db()
    assert row.stage == "shipped"
    depart(order, ("1", "10", 1), ("2", "4", 1), place=row.warehouse.code)
    advice.refresh_from_db()
    assert advice.state == "booked"
    assert cases() == []


def test_a_short_pick_with_its_lot_and_carton_is_one_case(world: World, place: Place) -> None:
    order = place()
    row = release_of(order)
    world.ship(row.reference, short={"1": 7}, lots={"1": "L-204"})
    [advice] = WarehouseAdvice.objects.all()
    assert advice.lines == {"1": "7", "2": "4"}
    [first, second] = advice.parts
    assert (first[0], first[1], first[3]) == ("1", "7", "L-204")
    assert len(first[2]) == len(second[2]) == 18
    [case] = cases()
    assert (case.kind, case.account) == ("warehouse.odd_advice", order.account)
    assert "line 1 is short: 7 of 10 EA shipped, the rest will not come" in case.sentence


def test_more_than_was_asked_is_one_case_and_ships_nothing(world: World, place: Place) -> None:
    order = place()
    world.ship(release_of(order).reference, over={"2": 9})
    [case] = cases()
    assert case.kind == "warehouse.odd_advice"
    assert "line 2 is over: 9 of 4 EA shipped" in case.sentence
    assert list(order.lines.values_list("shipped_quantity", flat=True)) == [Decimal(0), Decimal(0)]
    assert not Shipment.objects.exists()


def test_told_twice_it_is_recorded_once_and_told_otherwise_the_first_holds(world: World, place: Place) -> None:
    row = release_of(place())
    world.ship(row.reference)
    world.ship(row.reference, number="WH-2", short={"1": 0, "2": 0})
    assert WarehouseAdvice.objects.count() == 2
    before = [case.kind for case in cases()]
    world.ship(row.reference, short={"1": 3})
    assert WarehouseAdvice.objects.get(number="WH-1").lines == {"1": "10", "2": "4"}
    assert [case.kind for case in cases()] == [*before, "warehouse.advice_conflict"]


def test_an_order_that_we_never_gave_is_kept_and_one_case(world: World, place: Place) -> None:
    place()
    world.ship("SO-77-NOWHERE")
    assert not WarehouseAdvice.objects.exists()
    [case] = cases()
    assert "SO-77-NOWHERE" in case.sentence
    assert case.kind in ("warehouse.event", "edi.unusable_document")


def test_what_leaves_after_it_was_taken_back_is_one_case(world: World, place: Place) -> None:
    order = place()
    row = release_of(order)
    order.lines.update(status="cancelled")
    replan(order)
    world.ship(row.reference)
    [case] = cases()
    assert case.kind == "warehouse.odd_advice"
    assert "it left after we had taken it back" in case.sentence
    assert WarehouseAdvice.objects.get().order == order


def test_two_orders_do_not_touch_each_other(world: World, place: Place) -> None:
    one, other = place(), place(("FST-10001", "3"))
    world.ship(release_of(one).reference, short={"1": 1})
    assert WarehouseAdvice.objects.get().order == one
    assert release_of(other).stage == "received"
    assert [case.account for case in cases()] == [one.account]
