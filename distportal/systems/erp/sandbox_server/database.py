"""One SQLite connection under one lock: every request of the sandbox ERP is one transaction."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from distportal.systems.erp.sandbox_server import master
from distportal.systems.erp.sandbox_server.schema import NUMBER_RANGES, SCHEMA


class Database:
    """The ERP's data and its clock, which runs `clock_offset` seconds beside the true time."""

    def __init__(self, path: str, *, clock_offset: float = 37.0) -> None:
        self._lock = threading.RLock()
        self._offset = dt.timedelta(seconds=clock_offset)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)
        if not self.one("SELECT 1 FROM item LIMIT 1"):
            self._fill()

    def now(self) -> dt.datetime:
        """The ERP's clock, UTC."""
        return dt.datetime.now(dt.UTC) + self._offset

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one at a time."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def all(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Rows as dicts."""
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, args).fetchall()]

    def one(self, sql: str, *args: Any) -> dict[str, Any] | None:
        """The first row, or None."""
        rows = self.all(sql, *args)
        return rows[0] if rows else None

    def run(self, sql: str, *args: Any) -> None:
        """Execute one statement."""
        with self._lock:
            self._connection.execute(sql, args)

    def insert(self, table: str, row: dict[str, Any]) -> None:
        """Insert one row."""
        marks = ", ".join("?" for _ in row)
        self.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    def next_number(self, name: str) -> str:
        """The next number of a range, inside the caller's transaction."""
        self.run("UPDATE number_range SET last = last + 1 WHERE name = ?", name)
        row = self.one("SELECT last FROM number_range WHERE name = ?", name)
        assert row is not None
        return str(row["last"])

    def log_change(self, kind: str, erp_id: str) -> None:
        """The feed of that kind has something new."""
        self.run("INSERT INTO change_log (kind, erp_id, stamp) VALUES (?, ?, ?)", kind, erp_id, self.now().isoformat())

    def _fill(self) -> None:
        today = self.now().date()
        with self.transaction():
            for name, last in NUMBER_RANGES.items():
                self.insert("number_range", {"name": name, "last": last})
            for index, record in enumerate(master.customers()):
                self.insert("customer", {k: v for k, v in record.items() if k != "ship_tos"})
                self.log_change("customer", record["customer"])
                for price in master.contract_prices(record["customer"], index):
                    year = today.year
                    self.insert("price", {**price, "valid_from": f"{year}-01-01", "valid_to": f"{year + 1}-12-31"})
                    self.log_change("price", price["price_id"])
            for item in master.items():
                self.insert("item", item)
                self.log_change("item", item["matnr"])
                for plant, on_hand, receipt_on, receipt_qty in master.stock(item["matnr"], today):
                    self.insert(
                        "stock",
                        {"matnr": item["matnr"], "plant": plant, "on_hand": on_hand, "receipt_on": receipt_on,
                         "receipt_qty": receipt_qty if receipt_on else 0},
                    )  # fmt: skip
                    self.log_change("stock", f"{item['matnr']}/{plant}")
