"""Faults of the matrix (docs/faults.md) one at a time, each at the worst moment; every invariant holds afterwards."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
import uuid

import httpx
import pytest
import redis
from django.db import connection

from distportal.events.models import ScheduleRun
from exceptions.models import Case
from inventory.models import Item
from orders.models import Order
from tests.faults.acts import confirmed, place, post, state
from tests.faults.proxy import Weather
from tests.faults.site import POOLS, Site
from tests.live.test_faults import creations

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.xdist_group("faults"),
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("all_holds_afterwards"),
]


def test_01_worker_killed_before_its_call(site: Site) -> None:
    site.proxy.change(Weather(black_hole=True))
    order = place(site)
    site.wait(lambda: state(order) == "sending", what="it is claimed")
    site.hurt("erp_write")
    site.heal()
    confirmed(site, order)
    assert creations(site, order) == 1


def test_03_worker_killed_between_the_answer_and_its_commit(site: Site) -> None:
    site.proxy.change(Weather(delay=1.2))  # look-up, then the order is created and the answer is on its way
    order = place(site)
    site.wait(lambda: creations(site, order), what="the ERP has it")
    site.hurt("erp_write")
    assert state(order) != "confirmed"
    site.heal()
    confirmed(site, order)
    assert creations(site, order) == 1, "found by a look-up"


def test_06_a_sweeper_that_worked_directly_sleeps_past_its_lease_and_wakes(site: Site) -> None:
    """Nothing ends its threads, unlike a worker's, so only the check before the call keeps it from a second order."""
    for name in site.names("sweeper1", "erp_write"):
        site.hurt(name, signal.SIGSTOP)
    site.hurt_redis("broker")
    site.erp.faults({"kind": "latency", "count": 1, "seconds": 2, "match": {"method": "GET", "path_regex": "/orders$"}})
    order = place(site)
    site.wait(lambda: state(order) == "sending", what="the sweeper works by itself")
    site.hurt("sweeper", signal.SIGSTOP)
    for name in site.names("sweeper1", "erp_write"):
        site.hurt(name, signal.SIGCONT)
    site.start_redis("broker")
    confirmed(site, order)
    site.hurt("sweeper", signal.SIGCONT)
    time.sleep(4)
    assert creations(site, order) == 1


def test_07_08_broker_flushed_and_killed_while_orders_come(site: Site) -> None:
    orders = []
    for number in range(12):
        orders.append(place(site))
        if number % 4 == 1:
            redis.Redis.from_url(site.redis_url).flushall()
        if number % 4 == 3:
            site.hurt_redis("broker")
            site.start_redis("broker", empty=True)
    before = site.restarts
    confirmed(site, *orders)
    assert site.restarts == before, "no worker had to be started again"


def test_09_broker_hung(site: Site, secret: str) -> None:
    """How long accepting takes then, beside what it takes otherwise, is printed: a figure of the machine."""
    orders: list[Order] = []

    def accept() -> list[float]:
        waits = []
        for _ in range(30):
            began = time.monotonic()
            answer = post(site, secret)
            waits.append(round(time.monotonic() - began, 2))
            assert answer.status_code == 201
            orders.append(Order.objects.get(number=int(answer.json()["number"].removeprefix("SO-"))))
        return sorted(waits)

    before = accept()
    site.hurt_redis("broker", signal.SIGSTOP)
    during = accept()
    usual, hung_for = (f"median {waits[15]}, slowest {waits[-3:]}" for waits in (before, during))
    print(f"accepted in s: usually {usual}; broker hung {hung_for}")
    hung = Order.objects.filter(pk__in=[order.pk for order in orders[30:]])
    site.wait(lambda: hung.filter(status="confirmed").exists(), what="the sweepers do the work")
    site.hurt_redis("broker", signal.SIGCONT)
    confirmed(site, *orders)


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_10_cache_gone(site: Site, secret: str, how: str) -> None:
    site.hurt_redis("cache", signal.SIGKILL if how == "killed" else signal.SIGSTOP)
    answers = [post(site, secret) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 5
    site.hurt_redis("cache", signal.SIGCONT)


def test_11_postgres_killed_and_no_acknowledged_order_is_gone(site: Site, secret: str) -> None:
    acknowledged: list[str] = []
    ending = threading.Event()

    def send() -> None:
        while not ending.is_set():
            po = f"K-{uuid.uuid4().hex[:8]}"
            with contextlib.suppress(httpx.TransportError):
                if post(site, secret, po).status_code == 201:
                    acknowledged.append(po)

    senders = [threading.Thread(target=send, daemon=True) for _ in range(3)]
    for sender in senders:
        sender.start()
    for _ in range(4):
        seen = len(acknowledged)
        site.kill_postgres()
        site.start_postgres()
        site.wait(lambda seen=seen: len(acknowledged) > seen + 3, what="orders are taken again")
    ending.set()
    for sender in senders:
        sender.join(30)
    connection.close()
    there = set(Order.objects.filter(po_number__in=acknowledged).values_list("po_number", flat=True))
    assert set(acknowledged) - there == set()


def test_12_postgres_restarted_by_its_administrator(site: Site, secret: str) -> None:
    site.stop_postgres()
    down = post(site, secret)
    assert down.status_code in (500, 503)
    site.start_postgres()
    assert site.wait(lambda: post(site, secret).status_code == 201, what="orders are taken again")


def test_15_erp_answers_500_for_a_while(site: Site) -> None:
    site.erp.faults({"kind": "error_500", "count": 40})
    orders = [place(site) for _ in range(6)]
    confirmed(site, *orders)
    assert not Case.objects.filter(kind__startswith="dead.").exists(), "no try was burnt"


def test_16_erp_asks_to_wait(site: Site) -> None:
    site.erp.faults({"kind": "rate_limited", "count": 15, "seconds": 1})
    orders = [place(site) for _ in range(6)]
    confirmed(site, *orders)
    assert not Case.objects.filter(kind__in=["dead.job", "erp.refused"]).exists()


def test_17_18_late_lost_and_cut_answers(site: Site) -> None:
    """The ERP does not make keys unique: a second POST would be a second order."""
    create = {"method": "POST", "path_regex": "/orders$"}
    site.erp.faults(
        {"kind": "hang_then_commit", "count": 3, "seconds": 5, "match": create},
        {"kind": "commit_then_drop", "count": 3, "match": create},
        {"kind": "reset_mid_body", "count": 3, "match": create},
    )
    orders = [place(site) for _ in range(12)]
    site.wait(lambda: sum(creations(site, order) for order in orders) >= 4, what="some were sent")
    site.proxy.change(Weather(cut_answers=True))
    time.sleep(3)
    site.proxy.change(Weather())
    confirmed(site, *orders)


def test_26_fifty_parallel_calls_with_one_key_are_one_order(site: Site, secret: str) -> None:
    po, answers = f"P-{uuid.uuid4().hex[:8]}", []
    threads = [threading.Thread(target=lambda: answers.append(post(site, secret, po, timeout=60))) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    kinds = {answer.status_code for answer in answers}
    assert kinds <= {201, 409}
    assert len({answer.text for answer in answers if answer.status_code == 201}) == 1
    assert post(site, secret, po + "X", key=f"matrix-{po}").status_code == 422
    connection.close()
    assert Order.objects.filter(po_number=po).count() == 1


def test_32_more_beats_and_sweepers_than_needed(site: Site) -> None:
    for name in ("sweeper2", "sweeper3"):
        site.start_sweeper(name)
    site.start_beat("beat2")
    before = ScheduleRun.objects.filter(name="inventory.sync_stock").count()
    orders = [place(site) for _ in range(6)]
    confirmed(site, *orders)
    time.sleep(5)
    runs = list(ScheduleRun.objects.filter(name="inventory.sync_stock").values_list("slot", flat=True))
    assert len(runs) == len(set(runs)) > before
    for name in ("sweeper2", "sweeper3", "beat2"):
        site.stop_one(name)


def test_39_relay_killed_twice_a_second(site: Site) -> None:
    orders = []
    for _ in range(10):
        orders += [place(site), place(site)]
        site.hurt("relay")
        time.sleep(0.4)
        site.tend()
    confirmed(site, *orders)


def test_05_workers_restarted_in_turn_say_nothing_about_it(site: Site) -> None:
    orders = []
    for name in (*POOLS, "erp_write"):
        orders += [place(site) for _ in range(4)]
        site.stop_one(name)
        site.start_as(name, *site.command(name))
    confirmed(site, *orders)
    assert site.tracebacks(*POOLS) == []
    assert Item.objects.exists()
