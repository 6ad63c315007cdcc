"""How long what is no fact is kept: each app registers its own, one job takes away what is older, a batch at a time."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction

from distportal.accounts.personal import DataClass
from distportal.events.clock import database_now

log = structlog.get_logger(__name__)

Place = int | dt.datetime
BATCH = 2000
BUDGET_SECONDS = 120.0
"""A run leaves the rest to the next one after so long: deletes must not keep the disk from orders."""

# The oldest rows after the place that the last look came to. `age` is NULL for what has to stay.
_LOOK = """
SELECT {key}, {clock}, ({age}) < %(before)s, ({age}) >= %(before)s FROM {table} AS kept
 WHERE {clock} > %(after)s AND {among} ORDER BY {clock} LIMIT %(batch)s
"""
_FIRST = "SELECT min({clock}) FROM {table} WHERE {among}"
# The span of the clock is named, so that of a table that is partitioned by it one partition is touched.
_DELETE = """
DELETE FROM {table} WHERE {key} = ANY(%(keys)s) AND {clock} BETWEEN %(first)s AND %(last)s
"""
_WIPE = """
UPDATE {table} SET {wipe} WHERE {key} = ANY(%(keys)s) AND {clock} BETWEEN %(first)s AND %(last)s
"""
_COUNT = "SELECT count(*) FROM {table} AS kept WHERE {among} AND ({age}) < %(before)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Rows of `table` that go `days` after their `age`.

    `clock` is an indexed column in whose order rows are written, such as a serial key. `age` is an SQL expression of a
    moment: NULL for a row that stays; `%(before)s` in it is the moment before which rows go. The setting
    KEEP_<NAME>_DAYS overrides `days`. `data_class` says what the rows tell of people, where they do.
    With `wipe`, such as `content = NULL`, the row stays without what is in it; its `age` is NULL from then on. Where
    most rows stay so, `among` is the condition that those still to be wiped meet, and the clock's index has it too.
    """

    name: str
    table: str
    age: str
    days: float
    clock: str = "id"
    key: str = "id"
    data_class: DataClass | None = None
    wipe: str = ""
    among: str = "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remover:
    """What is no row: `count` says how many a run would remove, `remove` removes them until a moment of the monotonic
    clock, and gives how many went and whether that was all. `kept` says for how long, in words.
    """

    name: str
    kept: str
    count: Callable[[], int]
    remove: Callable[[float | None], tuple[int, bool]]


_known: dict[str, Retention] = {}
_removers: dict[str, Remover] = {}


def keep(retention: Retention) -> Retention:
    """Register how long rows of a table are kept."""
    _known[retention.name] = retention
    return retention


def also_remove(remover: Remover) -> None:
    """Register what goes after the rows went."""
    _removers[remover.name] = remover


def removers() -> list[Remover]:
    """All of them by name."""
    return [known for _, known in sorted(_removers.items())]


def retentions() -> list[Retention]:
    """All of them by name, with the days that the settings say."""
    return [known for _, known in sorted(_known.items())]


def days_kept(retention: Retention) -> float:
    """The days that hold on this site."""
    return float(settings.KEEP_DAYS.get(retention.name, retention.days))


def remove_old(retention: Retention, *, batch: int = BATCH, until: float | None = None) -> tuple[int, bool]:
    """How many rows went, and whether all that are old enough did; `until` on the monotonic clock ends it earlier.

    Each batch is a transaction of its own that holds only the rows it deletes.
    """
    before, gone = database_now() - dt.timedelta(days=days_kept(retention)), 0
    place = _first(retention)
    while place is not None:
        place, removed = _remove_batch(retention, before=before, after=place, batch=batch)
        gone += removed
        if until is not None and time.monotonic() > until:
            return gone, place is None
    return gone, True


def _first(what: Retention) -> Place | None:
    """A place just before the oldest row; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(table=what.table, clock=what.clock, among=what.among))
        first: Place | None = cursor.fetchone()[0]
    if isinstance(first, dt.datetime):
        return first - dt.timedelta(microseconds=1)
    return None if first is None else first - 1


@transaction.atomic
def _remove_batch(what: Retention, *, before: dt.datetime, after: Place, batch: int) -> tuple[Place | None, int]:
    """The place the look came to, None at its end, and how many rows of it went."""
    names = {name: getattr(what, name) for name in ("table", "clock", "key", "age", "wipe", "among")}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK.format(**names), {"before": before, "after": after, "batch": batch})
        rows = cursor.fetchall()
        doomed, removed = [key for key, _, old, _ in rows if old], 0
        if doomed:
            span = {"first": rows[0][1], "last": rows[-1][1]}
            cursor.execute((_WIPE if what.wipe else _DELETE).format(**names), {"keys": doomed, **span})
            removed = cursor.rowcount
    # One row that was finished late says nothing of those behind it.
    done = len(rows) < batch or (not doomed and any(young for *_, young in rows))
    return (None if done else rows[-1][1]), removed


def count_old(retention: Retention) -> int:
    """How many rows a run would remove now; it reads the whole table and changes nothing."""
    before = database_now() - dt.timedelta(days=days_kept(retention))
    with connection.cursor() as cursor:
        sql = _COUNT.format(table=retention.table, age=retention.age, among=retention.among)
        cursor.execute(sql, {"before": before})
        return int(cursor.fetchone()[0])


def remove_all_old(*, budget: float = BUDGET_SECONDS) -> tuple[dict[str, int], bool]:
    """By name how many rows went, and whether nothing is left that is old enough."""
    until, gone, finished = time.monotonic() + budget, {}, True
    for retention in retentions():
        gone[retention.name], all_gone = remove_old(retention, until=until)
        finished = finished and all_gone
    for remover in removers():
        gone[remover.name], all_gone = remover.remove(until)
        finished = finished and all_gone
    log.info("retention.removed", finished=finished, **{name: count for name, count in gone.items() if count})
    return gone, finished
