"""The sweeper works by itself while Redis is away: each lane in a thread of its own, whose connection comes back."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from distportal.common.connections import allow_connections
from distportal.events import sweeper as module
from distportal.events.sweeper import Sweeper


def worked(sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis was away for one look of each lane; their threads have ended."""
    looked: set[threading.Thread] = set()

    def answers() -> bool:
        seen = threading.current_thread() in looked
        looked.add(threading.current_thread())
        return seen

    monkeypatch.setattr(sweeper, "_redis_answers", answers)
    sweeper._start_direct_mode()
    for thread in sweeper._direct:
        thread.join(60)
        assert not thread.is_alive()


def lost_connections() -> int:
    """Of the pool, counted as held though this thread alone holds one; one that is being made counts for a moment."""
    for _ in range(600):
        stats = connection.pool.get_stats()
        lost = int(stats["pool_size"]) - int(stats["pool_available"]) - 1
        if not lost:
            break
        time.sleep(0.05)
    return lost


@pytest.mark.django_db(transaction=True)
def test_threads_that_end_give_their_connections_back(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeper, lanes = Sweeper(), list[str]()
    holds = threading.Semaphore(3)  # fewer at once than the pool has: it is about what comes back

    def work(lane: str, **_: Any) -> int:
        with holds:
            connection.ensure_connection()
            lanes.append(lane)
            if lane == "bulk":
                raise OperationalError("the server closed the connection")
            return 1

    monkeypatch.setattr(module, "work_lane", work)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # an earlier test's threads may still hold some of it
    connection.ensure_connection()
    for _ in range(3):
        worked(sweeper, monkeypatch)
    assert sorted(lanes) == sorted(list(settings.LANES) * 3)
    assert lost_connections() == 0


@pytest.mark.django_db(transaction=True)
def test_a_small_pool_grows_to_what_a_process_needs_and_a_large_one_stays() -> None:
    pool = connection.settings_dict["OPTIONS"]["pool"]
    before = pool["max_size"]
    try:
        pool["max_size"] = 4
        allow_connections(13)
        connection.ensure_connection()
        assert (connection.pool.max_size, pool["max_size"]) == (13, 13)
        held = connection.pool
        allow_connections(5)
        assert connection.pool is held
    finally:
        connection.close_pool()
        pool["max_size"] = before
