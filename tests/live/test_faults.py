"""Processes die, answers get lost, Redis goes: the ERP's own ledger shows one order per key, and none is missing."""

from __future__ import annotations

import time
import uuid

import pytest
import redis

from exceptions.models import Case
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.live.portal import LivePortal
from tests.orders.builders import asked

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("live"), pytest.mark.timeout(240)]

CREATE = {"method": "POST", "path_regex": "/orders$"}


def place() -> Order:
    po = f"PO-{uuid.uuid4().hex[:8]}"
    return place_order(order=asked(("FST-10001", "10", "EA", None), po=po), source_key=f"test:{po}").order


def state_of(order: Order) -> str:
    return ErpCommand.objects.get(order=order).state


def status_of(order: Order) -> str:
    return Order.objects.values_list("status", flat=True).get(pk=order.pk)


def all_confirmed(orders: list[Order]) -> bool:
    return Order.objects.filter(pk__in=[o.pk for o in orders], status="confirmed").count() == len(orders)


def assert_once_in_the_erp(portal: LivePortal, *orders: Order) -> None:
    """One live ERP order per key, of the right size, and nothing for a person to do."""
    for order in orders:
        found = portal.erp.orders(f"NL-{order.number}")
        assert len(found) == 1, f"{order}: {found}"
        assert ErpCommand.objects.filter(order=order).count() == 1
    subjects = [str(pk) for pk in ErpCommand.objects.filter(order__in=orders).values_list("pk", flat=True)]
    assert not Case.objects.filter(subject_id__in=[*subjects, *(str(o.pk) for o in orders)]).exists()
    assert not Case.objects.filter(kind__startswith="dead.").exists()


def creations(portal: LivePortal, order: Order) -> int:
    """How many requests to create the order the ERP has seen."""
    ledger = portal.erp.ledger(f"NL-{order.number}")
    return sum(entry["method"] == "POST" and str(entry["path"]).endswith("/orders") for entry in ledger)


def test_a_worker_killed_during_the_erp_call_leaves_one_order(portal: LivePortal) -> None:
    portal.erp.faults({"match": CREATE, "count": 1, "kind": "hang_then_commit", "seconds": 3})
    order = place()
    portal.wait(lambda: state_of(order) == "sending", what="the call has begun")
    time.sleep(0.5)
    portal.kill("worker")
    assert status_of(order) != "confirmed"
    portal.start_worker()
    portal.wait(lambda: status_of(order) == "confirmed", what="another worker settled it", seconds=60)
    assert_once_in_the_erp(portal, order)
    assert creations(portal, order) == 1, "it was looked up, not sent again"


def test_a_reply_dropped_after_the_commit_leaves_one_order(portal: LivePortal) -> None:
    portal.erp.faults({"match": CREATE, "count": 1, "kind": "commit_then_drop"})
    order = place()
    portal.wait(lambda: status_of(order) == "confirmed", what="it was found in the ERP")
    assert_once_in_the_erp(portal, order)
    assert creations(portal, order) == 1


def test_a_call_that_hangs_past_its_timeout_and_then_commits_leaves_one_order(portal: LivePortal) -> None:
    portal.erp.faults({"match": CREATE, "count": 1, "kind": "hang_then_commit", "seconds": 5})
    order = place()
    portal.wait(lambda: status_of(order) == "confirmed", what="it was found in the ERP", seconds=60)
    assert_once_in_the_erp(portal, order)


def test_an_erp_that_fails_for_a_while_loses_nothing(portal: LivePortal) -> None:
    portal.erp.faults({"kind": "error_503", "count": 6}, {"match": CREATE, "kind": "error_500", "count": 2})
    orders = [place() for _ in range(5)]
    portal.wait(lambda: all_confirmed(orders), what="all went through afterwards", seconds=90)
    assert_once_in_the_erp(portal, *orders)


def test_redis_flushed_loses_nothing(portal: LivePortal) -> None:
    orders = []
    client = redis.Redis.from_url(portal.redis_url)
    for n in range(12):
        orders.append(place())
        if n % 3 == 2:
            client.flushall()
    portal.wait(lambda: all_confirmed(orders), what="all orders were confirmed", seconds=60)
    assert_once_in_the_erp(portal, *orders)


def test_redis_killed_loses_nothing_and_work_goes_on_without_it(portal: LivePortal) -> None:
    before = [place() for _ in range(3)]
    portal.kill_redis()
    without = [place() for _ in range(5)]
    portal.wait(lambda: all_confirmed(before + without), what="the sweeper did the work itself", seconds=60)
    portal.restart_redis()
    after = [place() for _ in range(3)]
    portal.wait(lambda: all_confirmed(after), what="workers work again", seconds=60)
    assert_once_in_the_erp(portal, *before, *without, *after)
