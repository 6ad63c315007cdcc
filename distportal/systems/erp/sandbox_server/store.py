"""The ERP's database: many readers, one writer, and a clock of its own."""

from __future__ import annotations

import datetime as dt
import pathlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from .schema import RANGES, TABLES

Row = dict[str, Any]


class Tx:
    """One transaction. `stamp` is when its request began, as real ERPs write it: it can commit after younger ones."""

    def __init__(self, connection: sqlite3.Connection, stamp: str, now: dt.datetime) -> None:
        self._connection = connection
        self.stamp = stamp
        self.now = now

    @property
    def today(self) -> dt.date:
        """The day it is where the ERP stands: its papers bear that of its host's time zone, as with real ERPs."""
        return self.now.astimezone().date()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query."""
        return [dict(row) for row in self._connection.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row of a query."""
        found = self._connection.execute(sql, values).fetchone()
        return dict(found) if found else None

    def run(self, sql: str, *values: object) -> int:
        """How many rows a statement changed."""
        return self._connection.execute(sql, values).rowcount

    def many(self, sql: str, values: list[tuple[object, ...]]) -> None:
        """One statement for many rows."""
        self._connection.executemany(sql, values)

    def number(self, name: str) -> int:
        """The next number of a range."""
        row = self.row("UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value", name)
        if row is None:
            raise LookupError(f"no number range {name}")
        return int(row["value"])

    def touch(self, kind: str, key: str) -> None:
        """Put a record at the end of its change feed."""
        self.run(
            "INSERT INTO feed (kind, key, stamp, seq) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET stamp = excluded.stamp, seq = excluded.seq",
            kind, key, self.stamp, self.number("feed"),
        )  # fmt: skip


class Store:
    """Opens transactions on one file."""

    def __init__(self, path: pathlib.Path, clock_offset: float = 0.0, number_offset: int = 0) -> None:
        self._path = path
        self._offset = dt.timedelta(seconds=clock_offset)
        self._writer = threading.Lock()
        self._threads = threading.local()
        with closing(self._open()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(TABLES)
            first = [(name, number and number + number_offset) for name, number in RANGES.items()]
            connection.executemany("INSERT OR IGNORE INTO counter VALUES (?, ?)", first)
            connection.commit()

    def now(self) -> dt.datetime:
        """The ERP's clock, which is not ours."""
        return dt.datetime.now(dt.UTC) + self._offset

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent view."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            try:
                now = self.now()
                yield Tx(connection, stamp_of(now), now)
            finally:
                connection.rollback()

    @contextmanager
    def write(self, started: dt.datetime | None = None) -> Iterator[Tx]:
        """A write that commits at the end of the block and rolls back on an error."""
        with self._writer, self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            now = self.now()
            try:
                yield Tx(connection, stamp_of(started or now), now)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """The thread's own: to open one reads the whole schema, which took longer than most requests."""
        kept = self._threads
        if not hasattr(kept, "connection"):
            kept.connection = self._open()
        if kept.connection.in_transaction:  # a read inside another one of the thread is a second one
            with closing(self._open()) as another:
                yield another
        else:
            yield kept.connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=15, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def stamp_of(moment: dt.datetime) -> str:
    """A sortable UTC stamp with microseconds."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
