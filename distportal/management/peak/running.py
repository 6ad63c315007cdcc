"""Run a planned peak: orders come in, workers take them in turns, a watcher notes depth, age and drain."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from distportal.common.redis_client import broker_redis, cache_redis
from distportal.events.backlog import backlog
from distportal.events.choices import JobState, Level
from distportal.events.clock import database_now
from distportal.events.gauges import read_gauges
from distportal.events.jobs import enqueue_job
from distportal.events.judging import Bounds, Standing, judge, next_standing
from distportal.events.models import Job
from distportal.events.sweeper import work_lane
from distportal.management.peak.erp import PeakErp
from distportal.management.peak.plan import Plan
from distportal.management.peak.work import CONNECTION, KIND, LANE, SETTLE_SECONDS
from distportal.systems.models import SystemCall
from distportal.systems.registry import forget_connections, system_name

SAMPLE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the lane: seconds since the start, jobs that wait, age of the oldest, jobs done so far, level."""

    at: float
    depth: int
    age: float
    done: int
    level: int


@dataclass(slots=True)
class Peak:
    """What a run gave: samples, and the dealer with the seconds from order to ERP of every job that was done."""

    samples: list[Sample] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    waits: list[tuple[str, float]] = field(default_factory=list)
    dead: int = 0


def run_peak(plan: Plan, erp: PeakErp, *, tell: Callable[[Sample], None] = lambda _: None) -> Peak:
    """The peak, drained or given up after three times as long as the ERP's rate needs. The lane is empty afterwards."""
    run, peak, stop = uuid.uuid4().hex[:6], Peak(), threading.Event()
    with _cleaned(), _connected(plan, erp):
        workers = [threading.Thread(target=_work, args=(stop,), daemon=True) for _ in range(plan.workers)]
        arriving = threading.Thread(target=_arrive, args=(plan, run, peak, stop), daemon=True)
        failing = threading.Thread(target=_fail, args=(plan, erp, stop), daemon=True)
        threads = [arriving, failing, *workers]
        try:
            for thread in threads:
                thread.start()
            _watch(plan, peak, tell)
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)
        rows = Job.objects.filter(kind=KIND)
        peak.dead = rows.filter(state=JobState.DEAD).count()
        done = rows.filter(state=JobState.DONE).annotate(wait=F("done_at") - F("created_at"))
        peak.waits = [(share, wait.total_seconds()) for share, wait in done.values_list("share", "wait")]
    return peak


@contextmanager
def _connected(plan: Plan, erp: PeakErp) -> Iterator[None]:
    """The ERP connection `peak` exists during the block; nothing else of the settings is touched."""
    before = settings.ERP_ADAPTERS
    made = {
        "adapter": "sandbox",
        "url": erp.url,
        "token": erp.token,
        "settle_seconds": SETTLE_SECONDS,
        "rate_per_minute": plan.erp_rate,
        "concurrency": plan.concurrency,
    }
    settings.ERP_ADAPTERS = {**before, CONNECTION: made}
    forget_connections()
    try:
        yield
    finally:
        settings.ERP_ADAPTERS = before
        forget_connections()


def _arrive(plan: Plan, run: str, peak: Peak, stop: threading.Event) -> None:
    began = time.monotonic()
    try:
        for number, (due, dealer) in enumerate(plan.arrivals()):
            if stop.wait(max(0.0, began + due - time.monotonic())):
                return
            key = f"PEAK-{run}-{number:06d}"
            with transaction.atomic():
                enqueue_job(KIND, key=key, payload={"order": key}, share=dealer)
            peak.keys.append(key)
    finally:
        connection.close()


def _work(stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            if not work_lane(LANE, limit=2):
                stop.wait(0.05)
    finally:
        connection.close()


def _fail(plan: Plan, erp: PeakErp, stop: threading.Event) -> None:
    if plan.outage and not stop.wait(plan.seconds / 2):
        erp.stop()
        stop.wait(plan.outage)
        erp.start()


def _watch(plan: Plan, peak: Peak, tell: Callable[[Sample], None]) -> None:
    began = time.monotonic()
    latest = 30 + plan.seconds + plan.outage + 3 * plan.orders / plan.erp_rate * 60
    standing = Standing(level=Level.NORMAL, since=database_now(), calm_since=None)
    bounds, gauges = Bounds(**settings.PRESSURE_BOUNDS), read_gauges()
    while (at := time.monotonic() - began) < latest:
        [lane] = backlog([LANE])
        asked, eased = (judge([lane], gauges, some)[0] for some in (bounds, bounds.eased()))
        standing = next_standing(standing, asked=asked, eased=eased, now=database_now())
        done = Job.objects.filter(kind=KIND, state=JobState.DONE).count()
        peak.samples.append(Sample(at, lane.ready, lane.waiting_seconds, done, standing.level))
        tell(peak.samples[-1])
        if len(peak.keys) == plan.orders and lane.ready == 0:
            return
        time.sleep(SAMPLE_SECONDS)


@contextmanager
def _cleaned() -> Iterator[None]:
    """No row, key or hint of a simulation is there before the block, nor after it."""
    _clean()
    try:
        yield
    finally:
        _clean()


def _clean() -> None:
    Job.objects.filter(kind=KIND).delete()
    system = system_name(CONNECTION)
    SystemCall.objects.filter(system=system).delete()
    with suppress(OSError):
        broker_redis().delete(LANE)
        for key in cache_redis().scan_iter(match=f"limits:*:{system}*", count=500):
            cache_redis().delete(key)
