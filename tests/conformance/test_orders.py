"""An order reaches the ERP once, whole and as agreed; what cannot be sent is told and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.systems.erp.port import ErpPort
from distportal.systems.errors import AuthFailed, Conflict, Misconfigured, Rejected
from tests.conformance.conftest import settled
from tests.conformance.worlds.base import World


def test_the_adapter_answers_and_says_what_it_can(world: World, erp: ErpPort, evidence: Callable[[str], None]) -> None:
    assert isinstance(erp, ErpPort)
    health = erp.health()
    assert health.ok
    assert abs(health.clock_skew_s) < 60
    can = erp.capabilities()
    assert can.order_key == world.order_key
    assert can.settle.total_seconds() == world.settle
    assert {"order", "shipment", "invoice"} <= can.feeds
    assert (can.price == "per_customer") == ("quote" in world.offers)
    assert can.credit_requests == ("credit" in world.offers)
    evidence(f"version {health.version}, {health.latency_ms:.0f} ms")


def test_an_order_is_brought_in_by_steps_and_then_rests(
    world: World, erp: ErpPort, evidence: Callable[[str], None]
) -> None:
    wanted = world.draft(world.line(quantity=3), world.other_line())
    states = [erp.advance_order(wanted, None)]
    while states[-1].stage in ("received", "draft"):
        states.append(erp.advance_order(wanted, states[-1]))
    assert len(states) == world.steps
    assert {state.erp_id for state in states} == {states[0].erp_id}
    last = states[-1]
    assert (last.stage, last.order_key, last.content_hash) == ("accepted", wanted.order_key, wanted.content_hash)
    assert [(i.line_key, i.quantity, i.unit_price, i.warehouse) for i in last.lines] == [
        ("1", Decimal(3), Decimal(world.price), "RENO"), ("2", Decimal(1), Decimal(world.other_price), "RENO"),
    ]  # fmt: skip
    assert last.total == 3 * Decimal(world.price) + Decimal(world.other_price)
    again = erp.advance_order(wanted, last)
    assert replace(again, as_of=last.as_of) == last
    assert len(world.held(wanted.order_key)) == 1
    evidence(f"order {wanted.order_key} is {last.number} there: {last.raw_state}, {last.total}")


def test_an_order_that_is_there_is_taken_up_not_made_again(world: World, erp: ErpPort) -> None:
    wanted = world.draft()
    first = erp.advance_order(wanted, None)
    again = world.erp().advance_order(wanted, None)
    assert again.erp_id == first.erp_id
    assert len(world.held(wanted.order_key)) == 1
    assert [state.erp_id for state in erp.find_order(wanted.order_key)] == [first.erp_id]
    assert erp.find_order("NL-NOBODY-HAS-THIS") == []


def test_a_key_finds_its_own_order_only(world: World, erp: ErpPort) -> None:
    wanted = world.draft()
    longer = world.draft(order_key=f"{wanted.order_key}-2")
    first, second = erp.advance_order(wanted, None), erp.advance_order(longer, None)
    assert first.erp_id != second.erp_id
    assert [state.erp_id for state in erp.find_order(wanted.order_key)] == [first.erp_id]
    assert erp.find_order("NL-' or '1' eq '1") == []


def test_the_same_key_with_other_content_is_a_conflict(world: World, erp: ErpPort) -> None:
    wanted = world.draft()
    erp.advance_order(wanted, None)
    [before] = erp.find_order(wanted.order_key)
    other = world.draft(world.line(quantity=9), order_key=wanted.order_key)
    for known in (None, before):
        with pytest.raises(Conflict) as caught:
            erp.advance_order(other, known)
        assert caught.value.code == "erp.content_differs"
    [after] = erp.find_order(wanted.order_key)
    assert (after.lines, after.raw_state) == (before.lines, before.raw_state)
    assert len(world.held(wanted.order_key)) == 1


def test_an_order_that_the_erp_holds_twice_is_seen_and_not_touched(world: World, erp: ErpPort) -> None:
    wanted = world.draft()
    erp.advance_order(wanted, None)
    if world.order_key == "ack_only":
        assert len(erp.find_order(wanted.order_key)) == 1, "files show no order of other people's"
        return
    world.enter_again(wanted.order_key)
    before = world.held(wanted.order_key)
    assert len(erp.find_order(wanted.order_key)) == len(before) == 2
    for attempt in (lambda: erp.advance_order(wanted, None), lambda: erp.request_cancel(wanted.order_key, "one")):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "erp.duplicate_order"
    assert world.held(wanted.order_key) == before


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("customer", "erp.unmapped_customer"),
        ("ship_to", "erp.unmapped_ship_to"),
        ("unit", "erp.unmapped_unit"),
        ("item", "erp.unmapped_item"),
        ("warehouse", "erp.unmapped_warehouse"),
    ],
)
def test_an_unmapped_code_is_named_and_nothing_is_sent(world: World, erp: ErpPort, what: str, code: str) -> None:
    changed = {
        "customer": world.draft(customer="NOBODY"),
        "ship_to": world.draft(ship_to="HARBOR-09"),
        "unit": world.draft(world.line(unit="LB")),
        "item": world.draft(world.line(sku="NO-SUCH-ITEM")),
        "warehouse": world.draft(world.line(warehouse="MARS")),
    }[what]
    with pytest.raises(Misconfigured) as caught:
        erp.advance_order(changed, None)
    assert caught.value.code == code
    assert world.held(changed.order_key) == []


def test_a_line_without_an_agreed_price_is_not_sent(world: World, erp: ErpPort) -> None:
    wanted = world.draft(world.line(), replace(world.other_line(), unit_price=None))
    with pytest.raises(Rejected) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.price_missing"
    assert world.held(wanted.order_key) == []


def test_many_lines_keep_their_numbers_prices_and_quantities(world: World, erp: ErpPort) -> None:
    lines = tuple(world.line(str(n), 1 + n % 3, price=f"{n}.25") for n in range(1, 31))
    state = settled(erp, world.draft(*lines))
    told = {line.line_key: (line.quantity, line.unit_price) for line in state.lines}
    assert told == {str(n): (Decimal(1 + n % 3), Decimal(f"{n}.25")) for n in range(1, 31)}


def test_a_line_in_parts_is_as_many_lines_there_and_each_comes_back_by_its_key(world: World, erp: ErpPort) -> None:
    part = world.line("900001", 2, part_of="1")
    wanted = world.draft(world.line("1", 3), part, world.line("2", 1))
    state = settled(erp, wanted)
    assert {line.line_key: line.quantity for line in state.lines} == {"1": 3, "900001": 2, "2": 1}
    assert state.content_hash == wanted.content_hash
    assert len(world.held(wanted.order_key)) == 1
    apart = world.draft(world.line("1", 3), world.line("900001", 2, part_of="1", warehouse="DAYTON"))
    if erp.capabilities().warehouse_of == "order":
        with pytest.raises(Rejected) as caught:
            erp.advance_order(apart, None)
        assert caught.value.code == "erp.one_warehouse_only"
        assert world.held(apart.order_key) == []
    else:
        told = {line.line_key: line.warehouse for line in settled(erp, apart).lines}
        assert told == {"1": "RENO", "900001": "DAYTON"}


def test_wrong_credentials_stop_the_connection(world: World) -> None:
    if world.order_key == "ack_only":
        assert world.bad_secret == {}, "a folder asks nobody who he is"
        return
    wanted, stranger = world.draft(), world.erp(**world.bad_secret)
    for attempt in (lambda: stranger.find_order(wanted.order_key), lambda: stranger.advance_order(wanted, None)):
        with pytest.raises(AuthFailed):
            attempt()
    assert world.held(wanted.order_key) == []
