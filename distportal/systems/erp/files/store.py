"""The state of a folder: what was written, what arrived. One SQLite file on the disk that the folder is on."""

from __future__ import annotations

import pathlib
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from distportal.common.network_words import network_words
from distportal.systems.errors import Transient

Row = dict[str, Any]

TABLES = """
CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sent (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_key TEXT NOT NULL, action TEXT NOT NULL, content_hash TEXT NOT NULL,
    draft TEXT NOT NULL, state TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', content BLOB NOT NULL DEFAULT x'',
    sent_at TEXT NOT NULL, UNIQUE (order_key, action, content_hash));
CREATE TABLE IF NOT EXISTS arrival (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, mark TEXT NOT NULL UNIQUE, arrived_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS confirmation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, arrival INTEGER NOT NULL, order_key TEXT NOT NULL, number TEXT NOT NULL,
    said TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS confirmation_order ON confirmation (order_key, id);
CREATE INDEX IF NOT EXISTS confirmation_number ON confirmation (number);
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, erp_id TEXT NOT NULL, order_key TEXT NOT NULL,
    version TEXT NOT NULL, digest TEXT NOT NULL, said_at TEXT NOT NULL, payload TEXT NOT NULL,
    deleted INTEGER NOT NULL, latest INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS record_feed ON record (kind, latest, id);
CREATE UNIQUE INDEX IF NOT EXISTS record_latest ON record (kind, erp_id) WHERE latest = 1;
CREATE INDEX IF NOT EXISTS record_order ON record (order_key, kind) WHERE latest = 1;
CREATE TABLE IF NOT EXISTS sighting (name TEXT PRIMARY KEY, stamp TEXT NOT NULL, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT, arrival INTEGER NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fault_code (fault INTEGER PRIMARY KEY, kind TEXT NOT NULL, code TEXT NOT NULL);
"""


class Tx:
    """One transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query."""
        return [dict(row) for row in self._connection.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row of a query."""
        found = self._connection.execute(sql, values).fetchone()
        return dict(found) if found else None

    def run(self, sql: str, *values: object) -> int:
        """The id of the row that was inserted last."""
        return int(self._connection.execute(sql, values).lastrowid or 0)


class Store:
    """Opens transactions; writers of all processes go one after the other, and a commit is on the disk."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self._identity = ""
        self._ready = False

    @property
    def identity(self) -> str:
        """A name that a new state file gets once: a cursor of another one is refused."""
        if not self._identity:
            with self.write() as tx:
                found = tx.row("SELECT id FROM identity")
                if found is None:
                    tx.run("INSERT INTO identity VALUES (?)", uuid.uuid4().hex[:12])
                    found = tx.row("SELECT id FROM identity") or {}
                self._identity = str(found["id"])
        return self._identity

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Committed at the end of the block, rolled back on an error. Raises Transient where the disk refuses."""
        try:
            with closing(self._open()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield Tx(connection)
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
        except sqlite3.OperationalError as error:
            raise Transient(
                "erp.folder_state", f"the state of the folder cannot be written now: {network_words(error)}"
            ) from error

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=FULL")
        if not self._ready:
            connection.executescript(TABLES)
            self._ready = True
        return connection
