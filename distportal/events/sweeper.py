"""Makes every hint optional: once a second it looks for due rows that nobody is working on.

While Redis answers it hints again; after REDIS_DOWN_SECONDS of silence it does the work itself (direct mode).
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter

import structlog
from django.conf import settings
from django.db import close_old_connections, connection
from redis.exceptions import RedisError

from distportal.common.connections import allow_connections
from distportal.common.redis_client import broker_redis
from distportal.events.clock import database_now
from distportal.events.hints import hint_aggregate, hint_job, hints_waiting
from distportal.events.measuring import measure_if_due
from distportal.events.models import Heartbeat
from distportal.events.rounds import relay_many
from distportal.events.running import run_job
from distportal.events.turns import due_in_turns

log = structlog.get_logger(__name__)

BATCH = 500
SPARE_CONNECTIONS = 2
"""Of the sweeper, besides one for each lane that it works at without Redis."""

_DUE_AGGREGATES = """
SELECT DISTINCT aggregate_type, aggregate_id FROM events_outboxdelivery
 WHERE state = 'pending' AND next_at <= clock_timestamp() - make_interval(secs => %s) LIMIT %s
"""


def due_jobs(*, older_than: float = 0.0, lane: str = "", limit: int = BATCH) -> list[tuple[uuid.UUID, str]]:
    """(id, lane) of ready jobs that are due for `older_than` seconds and that nobody holds; accounts take turns, and
    what waits for calmer times is left out.
    """
    return due_in_turns(older_than=older_than, lane=lane, limit=limit)


def due_aggregates(*, older_than: float = 0.0, limit: int = BATCH) -> list[tuple[str, str]]:
    """(type, id) of aggregates with events that are due to somebody."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE_AGGREGATES, [older_than, limit])
        return list(cursor.fetchall())


def sweep_once(*, older_than: float = 1.0) -> int:
    """How many pieces of work were found. Hints are sent again only as far as they can have been lost: a lane with as
    many waiting in the broker as there is work hears nothing new of it.
    """
    jobs, aggregates = due_jobs(older_than=older_than), due_aggregates(older_than=older_than)
    waiting = hints_waiting({"relay", *(lane for _, lane in jobs)})
    due = Counter(lane for _, lane in jobs) + Counter({"relay": len(aggregates)})
    room = {lane: min(due[lane], BATCH) - already for lane, already in waiting.items()}
    for job_id, lane in jobs:
        room[lane] -= 1
        if room[lane] >= 0:
            hint_job(job_id, lane)
    for aggregate in aggregates[: max(room["relay"], 0)]:
        hint_aggregate(*aggregate)
    now = database_now()
    Heartbeat.objects.update_or_create(
        name="sweeper", defaults={"beat_at": now, "detail": {"jobs": len(jobs), "streams": len(aggregates)}}
    )
    return len(jobs) + len(aggregates)


def work_lane(lane: str, *, limit: int = 20) -> int:
    """How many pieces of a lane's due work were done here and now, without Redis."""
    if lane == "relay":
        due = due_aggregates(limit=limit)
        return relay_many(due) if due else 0
    return sum(run_job(job_id) for job_id, _ in due_jobs(lane=lane, limit=limit))


def work_until_idle(*, rounds: int = 200) -> int:
    """Do all due work in this process until none is left; for tests and one-shot commands."""
    total = 0
    for _ in range(rounds):
        due = _lanes_with_due_work()
        did = sum(work_lane(lane) for lane in settings.LANES if lane in due)
        total += did
        if not did:
            break
    return total


def _lanes_with_due_work() -> set[str]:
    relay = {"relay"} if due_aggregates(limit=1) else set()
    return {lane for _, lane in due_jobs()} | relay


class Sweeper:
    """The loop of the sweeper process."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._redis_seen = time.monotonic()
        self._direct: list[threading.Thread] = []

    def run(self) -> None:
        """Sweep each second until stopped; one failing sweep is logged and the next one comes."""
        allow_connections(len(settings.LANES) + SPARE_CONNECTIONS)
        while not self.stopping.wait(1.0):
            close_old_connections()
            try:
                self._round()
            except Exception:  # everybody's safety net: it must outlive a bad second
                log.exception("sweep.failed")
                connection.close()

    def _round(self) -> None:
        if self._redis_answers():
            self._redis_seen = time.monotonic()
            sweep_once()
        elif time.monotonic() - self._redis_seen >= settings.REDIS_DOWN_SECONDS:
            self._start_direct_mode()
        measure_if_due()

    def _redis_answers(self) -> bool:
        try:
            return bool(broker_redis().ping())
        except (RedisError, OSError):
            return False

    def _start_direct_mode(self) -> None:
        self._direct = [thread for thread in self._direct if thread.is_alive()]
        busy = {thread.name for thread in self._direct}
        for lane in settings.LANES:
            if lane not in busy:
                thread = threading.Thread(target=self._work_direct, args=(lane,), name=lane, daemon=True)
                self._direct.append(thread)
                thread.start()

    def _work_direct(self, lane: str) -> None:
        log.warning("sweep.direct_mode", lane=lane)
        try:
            while not self.stopping.is_set() and not self._redis_answers():
                if not work_lane(lane):
                    self.stopping.wait(0.5)
        except Exception:  # the next round starts the lane again
            log.exception("sweep.direct_failed", lane=lane)
        finally:  # a thread that ends with a connection takes it from the pool for ever
            connection.close()
