"""Processes die, answers get lost, Redis goes: the ERP's own ledger shows one order per key, and none is missing."""

from __future__ import annotations

import pathlib
import time
import uuid

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from distportal.events.base import Event
from distportal.events.choices import DeliveryState, JobState
from distportal.events.jobs import enqueue_job
from distportal.events.models import Job, OutboxDelivery
from distportal.events.outbox import publish
from distportal.events.running import MOST_LOST
from exceptions.models import Case
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.faults.checker import Outside, broken
from tests.live import poison  # noqa: F401 - what its worker knows is known here, too
from tests.live.portal import LivePortal
from tests.orders.builders import asked

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("live"), pytest.mark.timeout(240)]

POISON = ("poison.exit", "poison.kill")
LEFT = 2
"""So many more processes of the five may end over it: each costs seconds."""
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
    return portal.erp.creations(f"NL-{order.number}")


def test_processes_of_a_pool_share_what_was_loaded_before_they_were_forked(portal: LivePortal) -> None:
    order = place()
    portal.wait(lambda: all_confirmed([order]), what="the pool works")
    pool = portal.pool("worker")
    assert len(pool) == 2
    for process in pool:
        held = process.memory_full_info()
        assert held.uss < held.rss / 2, f"{held.uss >> 20} MB of {held.rss >> 20} are this process's own"


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


@pytest.mark.chaos  # each adapter proves it in tests/conformance; here it takes forty seconds of waiting
def test_a_call_that_hangs_past_its_timeout_and_then_commits_leaves_one_order(portal: LivePortal) -> None:
    portal.erp.faults({"match": CREATE, "count": 1, "kind": "hang_then_commit", "seconds": 5})
    order = place()
    portal.wait(lambda: status_of(order) == "confirmed", what="it was found in the ERP", seconds=60)
    assert_once_in_the_erp(portal, order)


@pytest.mark.chaos  # a minute of waiting; each adapter proves it in tests/conformance, the guard in tests/distportal
def test_an_erp_that_fails_for_a_while_loses_nothing(portal: LivePortal) -> None:
    portal.erp.faults({"kind": "error_503", "count": 6}, {"match": CREATE, "kind": "error_500", "count": 2})
    orders = [place() for _ in range(5)]
    portal.wait(lambda: all_confirmed(orders), what="all went through afterwards", seconds=150)
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


def runs(folder: pathlib.Path, name: str) -> list[int]:
    """The processes in which it ran, in their order."""
    found = folder / f"{name}.runs"
    return [int(line) for line in found.read_text().split()] if found.exists() else []


def gone(pid: int) -> bool:
    """Whether the process is no more; one that is dead and not waited for counts as gone."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def end_leases(folder: pathlib.Path) -> bool:
    """Leases of processes that are gone run out now, not in a while; whether all poison is dead."""
    for job in Job.objects.filter(kind__in=POISON):
        ran = runs(folder, job.kind.removeprefix("poison."))
        if job.state == JobState.READY and job.lease_token and ran and len(ran) == job.attempts and gone(ran[-1]):
            Job.objects.filter(pk=job.pk, attempts=job.attempts).update(lease_until=timezone.now())
    jobs = Job.objects.filter(kind__in=POISON, state=JobState.DEAD).count()
    return jobs == 2 and OutboxDelivery.objects.filter(state=DeliveryState.DEAD).exists()


def test_poison_is_given_up_after_a_few_processes_and_the_rest_goes_on(
    portal: LivePortal, tmp_path: pathlib.Path
) -> None:
    folder, nearly = str(tmp_path), MOST_LOST - LEFT
    with transaction.atomic():
        for name in ("exit", "kill", "innocent"):
            enqueue_job(f"poison.{name}", key=folder, payload={"folder": folder})
        for thing in ("bad", "good"):
            told = {"folder": folder}
            publish(Event(type="poison.happened", aggregate_type="poison", aggregate_id=thing, payload=told))
        # The lease that ran out counts when the job is claimed.
        Job.objects.filter(kind__in=POISON).update(lost=nearly - 1, lease_token=uuid.uuid4())
        OutboxDelivery.objects.filter(destination="poison.subscriber", aggregate_id="bad").update(lost=nearly)
    portal.wait(lambda: end_leases(tmp_path), what="all poison is given up", seconds=150)
    enqueue_job("poison.innocent", key=f"{folder}2", payload={"folder": folder})
    portal.wait(lambda: len(runs(tmp_path, "innocent")) == 2, what="the lane works on", seconds=60)

    for name in ("exit", "kill", "event-bad"):
        assert len(set(runs(tmp_path, name))) == len(runs(tmp_path, name)) == LEFT, "a process each, and no more"
    assert len(runs(tmp_path, "event-good")) == 1
    cases = Case.objects.filter(kind__startswith="dead.").order_by("kind", "number")
    assert [(case.kind, case.status, case.occurrences) for case in cases] == [
        ("dead.delivery", "new", 1), ("dead.job", "new", 1), ("dead.job", "new", 1),
    ]  # fmt: skip
    assert all(case.sentence.endswith("its process ended each time before it was done") for case in cases)
    cases.delete()  # with what died: other tests share the tables
    Job.objects.filter(kind__in=POISON).delete()
    OutboxDelivery.objects.filter(destination="poison.subscriber").delete()


def test_after_all_of_it_every_invariant_holds(portal: LivePortal) -> None:
    """Of whatever the tests before left in the tables: the last one of the module, on purpose."""
    settled = Order.objects.exclude(status="accepted")
    portal.wait(lambda: settled.count() == Order.objects.count(), what="all orders are settled", seconds=90)
    portal.wait(lambda: not OutboxDelivery.objects.filter(state="pending").exists(), what="all is told", seconds=90)
    assert [str(row) for row in broken(Outside(erp=portal.erp.orders()))] == []
