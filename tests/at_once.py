"""Races: works in threads of their own, each on its own connection, all let go at the same moment; and who waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T]:
    """What each gave, in order. One that raises fails the test: a thread's error must not pass unseen."""
    gate = threading.Barrier(len(works), timeout=30)

    def run(work: Callable[[], T]) -> T:
        try:
            gate.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def waiting_for_lock(kind: str) -> int:
    """How many connections to this database wait for a lock of that kind (`advisory`, `transactionid`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND locktype = %s AND datname = current_database()",
            [kind],
        )
        return int(cursor.fetchone()[0])
