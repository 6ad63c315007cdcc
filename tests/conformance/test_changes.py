"""An order in the ERP is changed and cancelled there: once, wholly or not at all, never below what has left."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.systems.erp.port import DraftLine, ErpPort, OrderDraft, OrderState
from distportal.systems.errors import Conflict, Rejected, UnknownOutcome
from tests.conformance.conftest import only, settled
from tests.conformance.worlds import WIRED
from tests.conformance.worlds.base import World
from tests.erp_peers.proxy import Kind


def answered(world: World, ask: Callable[[], OrderState]) -> OrderState:
    """What the ERP answers: at once, or to a file that it has to find first."""
    if world.answers == "later":
        with pytest.raises(UnknownOutcome):
            ask()
    return ask()


def changed(world: World, before: OrderDraft, *lines: DraftLine) -> OrderDraft:
    """The order with other lines."""
    return world.draft(*lines, order_key=before.order_key)


def lines_of(erp: ErpPort, order_key: str) -> list[tuple[str, Decimal, Decimal]]:
    """What the ERP holds: line, quantity, price."""
    [state] = erp.find_order(order_key)
    return [(line.line_key, line.quantity, line.unit_price) for line in state.lines]


def test_a_quantity_is_reduced_once(world: World, erp: ErpPort) -> None:
    wanted = world.draft(world.line(quantity=2))
    settled(erp, wanted)
    less = changed(world, wanted, world.line(quantity=1))
    state = answered(world, lambda: erp.request_change(less, wanted.content_hash))
    assert (state.stage, state.content_hash) == ("accepted", less.content_hash)
    again = erp.request_change(less, wanted.content_hash)
    assert (again.content_hash, again.total) == (less.content_hash, Decimal(world.price))
    assert lines_of(erp, wanted.order_key) == [("1", Decimal(1), Decimal(world.price))]
    assert len(world.held(wanted.order_key)) == 1
    assert erp.advance_order(less, None).content_hash == less.content_hash, "the changed order is the order now"


def test_more_another_price_and_a_line_less_are_one_change(world: World, erp: ErpPort) -> None:
    wanted = world.draft(world.line(quantity=2), world.other_line(), world.line("3", quantity=4))
    settled(erp, wanted)
    new = changed(world, wanted, world.line(quantity=5, price="7.5"), world.line("3", quantity=4))
    state = answered(world, lambda: erp.request_change(new, wanted.content_hash))
    assert lines_of(erp, wanted.order_key) == [
        ("1", Decimal(5), Decimal("7.5")),
        ("3", Decimal(4), Decimal(world.price)),
    ]
    assert state.total == Decimal("37.5") + 4 * Decimal(world.price)


def test_a_line_is_added_or_refused_and_the_order_stays(world: World, erp: ErpPort) -> None:
    wanted = world.draft(world.line(quantity=2))
    settled(erp, wanted)
    more = changed(world, wanted, world.line(quantity=2), world.other_line())
    if "add_line" not in world.offers:
        with pytest.raises(Rejected) as caught:
            erp.request_change(more, wanted.content_hash)
        assert caught.value.code == "erp.line_not_added"
        assert lines_of(erp, wanted.order_key) == [("1", Decimal(2), Decimal(world.price))]
        assert erp.find_order(wanted.order_key)[0].content_hash == wanted.content_hash
        return
    answered(world, lambda: erp.request_change(more, wanted.content_hash))
    assert lines_of(erp, wanted.order_key) == [
        ("1", Decimal(2), Decimal(world.price)), ("2", Decimal(1), Decimal(world.other_price)),
    ]  # fmt: skip


def test_one_change_follows_the_other_and_the_first_does_not_come_back(world: World, erp: ErpPort) -> None:
    wanted = world.draft(world.line(quantity=4))
    settled(erp, wanted)
    first, second = changed(world, wanted, world.line(quantity=2)), changed(world, wanted, world.line(quantity=4))
    answered(world, lambda: erp.request_change(first, wanted.content_hash))
    answered(world, lambda: erp.request_change(second, first.content_hash))
    assert erp.find_order(wanted.order_key)[0].content_hash == second.content_hash
    with pytest.raises(Conflict):
        erp.request_change(first, wanted.content_hash)
    assert lines_of(erp, wanted.order_key) == [("1", Decimal(4), Decimal(world.price))]


def test_what_has_left_stays_and_the_rest_is_taken_back(
    world: World, erp: ErpPort, evidence: Callable[[str], None]
) -> None:
    wanted = world.draft(world.line(quantity=5), world.other_line(quantity=3))
    world.ship(settled(erp, wanted), {"1": 3})
    [before] = erp.find_order(wanted.order_key)
    less = changed(world, wanted, world.line(quantity=2), world.other_line(quantity=3))
    with pytest.raises(Rejected) as caught:
        erp.request_change(less, wanted.content_hash)
    [state] = erp.find_order(wanted.order_key)
    assert (state.lines, state.content_hash, state.stage) == (before.lines, wanted.content_hash, "in_fulfilment")
    evidence(f"below what has left: {caught.value.code}: {caught.value.message}")
    without = changed(world, wanted, world.other_line(quantity=1))
    if not world.changes_rest:
        with pytest.raises(Rejected) as too_late:
            erp.request_change(without, wanted.content_hash)
        assert too_late.value.code == "erp.state_conflict"
        return
    assert caught.value.code == "erp.quantity_below_shipped"
    erp.request_change(without, wanted.content_hash)
    held = {key: quantity for key, quantity, _ in lines_of(erp, wanted.order_key)}
    assert held["2"] == 1, "what is wanted of the rest"
    assert held.get("1", 3) == 3, "deleted as far as it has not left"
    assert erp.request_cancel(wanted.order_key, "too late").stage in ("in_fulfilment", "closed")


def test_an_order_that_somebody_changed_is_not_changed_over_it(world: World, erp: ErpPort) -> None:
    wanted = world.draft(world.line(quantity=4))
    settled(erp, wanted)
    with pytest.raises(Conflict) as caught:
        erp.request_change(changed(world, wanted, world.line(quantity=1)), "what-we-thought-it-holds")
    assert caught.value.code == "erp.content_differs"
    assert lines_of(erp, wanted.order_key) == [("1", Decimal(4), Decimal(world.price))]


def test_what_the_erp_does_not_have_is_neither_changed_nor_cancelled(world: World, erp: ErpPort) -> None:
    nobody = world.draft(order_key="NL-NOBODY-HAS-THIS")
    for ask in (
        lambda: erp.request_change(nobody, "something"),
        lambda: erp.request_cancel(nobody.order_key, "what?"),
    ):
        with pytest.raises(Rejected) as caught:
            ask()
        assert caught.value.code == "erp.order_unknown"
    assert world.held(nobody.order_key) == []


@pytest.mark.parametrize("how_far", ["just sent", "settled", "changed before"])
def test_an_order_is_cancelled_while_nothing_left(world: World, erp: ErpPort, how_far: str) -> None:
    wanted = world.draft(world.line(quantity=2), world.other_line())
    if how_far == "just sent":
        erp.advance_order(wanted, None)
    else:
        settled(erp, wanted)
    if how_far == "changed before":
        less = changed(world, wanted, world.line(quantity=1))
        answered(world, lambda: erp.request_change(less, wanted.content_hash))
    state = answered(world, lambda: erp.request_cancel(wanted.order_key, "no longer needed"))
    assert state.stage == "cancelled"
    assert world.held(wanted.order_key) == []
    if found := erp.find_order(wanted.order_key):
        assert {state.stage for state in found} == {"cancelled"}
        assert erp.request_cancel(wanted.order_key, "again").stage == "cancelled"
        with pytest.raises(Rejected):
            erp.request_change(changed(world, wanted, world.line(quantity=1)), wanted.content_hash)


def test_a_shipped_order_is_not_cancelled(world: World, erp: ErpPort) -> None:
    shipped = world.draft(world.line(quantity=2))
    world.ship(settled(erp, shipped), {"1": 2})
    assert erp.request_cancel(shipped.order_key, "too late").stage in ("in_fulfilment", "closed")
    assert len(world.held(shipped.order_key)) == 1


@only(*WIRED)
@pytest.mark.parametrize("kind", ["drop_reply", "cut_reply", "answer_after", "answer"])
@pytest.mark.parametrize("write", [0, 1])
def test_a_lost_verdict_on_a_change_is_unknown_and_it_is_made_once(
    world: World, erp: ErpPort, kind: Kind, write: int
) -> None:
    if write >= len(world.change_paths):
        assert len(world.change_paths) == 1, "one write is all of the change"
        return
    wanted = world.draft(world.line(quantity=5))
    settled(erp, wanted)
    less = changed(world, wanted, world.line(quantity=2))
    world.change_fault(kind, world.change_paths[write])
    with pytest.raises(UnknownOutcome):
        erp.request_change(less, wanted.content_hash)
    time.sleep(world.settle)
    [found] = erp.find_order(wanted.order_key)
    assert found.content_hash in (wanted.content_hash, less.content_hash)
    if found.content_hash == wanted.content_hash:
        erp.request_change(less, wanted.content_hash)
    assert lines_of(erp, wanted.order_key) == [("1", Decimal(2), Decimal(world.price))]
    assert erp.find_order(wanted.order_key)[0].content_hash == less.content_hash
    assert len(world.held(wanted.order_key)) == 1
