"""Bad days: whatever gets lost, the error says what may have been written, and in the end the ERP holds one order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from distportal.systems.erp.port import ErpPort, OrderDraft, OrderState
from distportal.systems.errors import SystemCallError, Transient, UnknownOutcome
from tests.conformance.conftest import only, settled
from tests.conformance.worlds import WIRED
from tests.conformance.worlds.base import World
from tests.erp_peers.proxy import Kind

pytestmark = only(*WIRED)


def taken_up(world: World, erp: ErpPort, wanted: OrderDraft) -> OrderState:
    """The order after the rule: settle, look up, send again only where nothing is found."""
    time.sleep(world.settle)
    found = erp.find_order(wanted.order_key)
    return settled(erp, wanted, found[0] if found else None)


@pytest.mark.parametrize("kind", ["drop_reply", "answer_after", "cut_reply"])
def test_a_lost_verdict_is_unknown_and_the_order_is_there_once(world: World, erp: ErpPort, kind: Kind) -> None:
    wanted = world.draft()
    world.fault(kind)
    with pytest.raises(UnknownOutcome):
        erp.advance_order(wanted, None)
    assert len(world.held(wanted.order_key)) == 1
    assert taken_up(world, erp, wanted).stage == "accepted"
    assert len(world.held(wanted.order_key)) == 1


def test_a_503_on_a_write_is_unknown_even_where_nothing_was_written(world: World, erp: ErpPort) -> None:
    wanted = world.draft()
    world.fault("answer", status=503)
    with pytest.raises(UnknownOutcome) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.server_error"
    assert world.held(wanted.order_key) == []
    assert taken_up(world, erp, wanted).stage == "accepted"
    assert len(world.held(wanted.order_key)) == 1


def test_an_erp_that_writes_after_our_timeout_is_found_after_the_settle_time(
    world: World, evidence: Callable[[str], None]
) -> None:
    erp, wanted = world.erp(write_timeout=0.4), world.draft()
    world.fault("hold_back", seconds=0.9)
    with pytest.raises(UnknownOutcome) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.no_verdict"
    at_once = len(erp.find_order(wanted.order_key))
    time.sleep(1.0)
    for _ in range(100):  # a busy machine needs longer
        if erp.find_order(wanted.order_key):
            break
        time.sleep(0.2)
    [later] = erp.find_order(wanted.order_key)
    assert settled(world.erp(), wanted, later).stage == "accepted"
    assert len(world.held(wanted.order_key)) == 1
    evidence(f"an order that came after the timeout: {at_once} seen at once, 1 after the settle time")


def test_being_asked_to_wait_means_nothing_was_written(world: World, erp: ErpPort) -> None:
    wanted = world.draft()
    world.fault("answer", status=429)
    with pytest.raises(Transient) as caught:
        erp.advance_order(wanted, None)
    assert (caught.value.code, caught.value.retry_after) == ("erp.busy", 3)
    assert world.held(wanted.order_key) == []
    assert settled(erp, wanted).stage == "accepted"


@pytest.mark.parametrize("kind", ["drop_reply", "answer", "cut_reply"])
def test_a_read_that_fails_is_harmless(world: World, erp: ErpPort, kind: Kind) -> None:
    wanted = world.draft()
    erp.advance_order(wanted, None)
    world.read_fault(kind, status=503)
    with pytest.raises(Transient):
        erp.find_order(wanted.order_key)
    assert len(erp.find_order(wanted.order_key)) == 1


def test_nobody_there_means_nothing_was_written(world: World) -> None:
    where = world.erp().__class__.__name__
    nowhere = world.erp(url="http://127.0.0.1:9")
    with pytest.raises(Transient) as caught:
        nowhere.advance_order(world.draft(), None)
    assert caught.value.code == "erp.unreachable", where


def test_a_lost_step_is_taken_up_where_the_erp_stands(world: World, erp: ErpPort) -> None:
    if world.steps == 1:
        assert settled(erp, world.draft()).stage == "accepted", "an ERP of one step has no step to lose"
        return
    wanted = world.draft()
    stale = erp.advance_order(wanted, None)
    for _ in range(world.steps - 2):
        stale = erp.advance_order(wanted, stale)
    world.step_fault("drop_reply")
    with pytest.raises(UnknownOutcome):
        erp.advance_order(wanted, stale)
    assert taken_up(world, erp, wanted).stage == "accepted"
    assert erp.advance_order(wanted, stale).stage in ("draft", "accepted"), "a stale step is harmless"
    assert len(world.held(wanted.order_key)) == 1


def test_an_erp_that_dies_in_the_middle_ends_with_one_order(world: World, evidence: Callable[[str], None]) -> None:
    erp, wanted, seen = world.erp(), world.draft(), list[str]()

    def work() -> None:
        try:
            seen.append(settled(erp, wanted).stage)
        except SystemCallError as error:
            seen.append(type(error).__name__)

    world.slow_down()
    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.25)
    world.kill_and_start()
    worker.join(30)
    assert seen
    assert seen[0] in ("UnknownOutcome", "Transient", "accepted")
    assert taken_up(world, world.erp(), wanted).stage == "accepted"
    assert len(world.held(wanted.order_key)) == 1
    evidence(f"kill -9 in the middle: the adapter said {seen[0]}, afterwards one order, accepted")
