"""The books of a sandbox ERP as tests begin with them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Self

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """Its stock and balances, what its feeds told of both, and the number of the last change of all."""

    stock: list[Row]
    owed: list[Row]
    fed: dict[tuple[str, str], Row]
    newest: int

    @classmethod
    def of(cls, books: sqlite3.Connection) -> Self:
        """As they are now."""
        fed = books.execute("SELECT stamp, seq, kind, key FROM feed WHERE kind IN ('stock', 'customer')").fetchall()
        [(newest,)] = books.execute("SELECT max(seq) FROM feed").fetchall()
        return cls(
            stock=books.execute(
                "SELECT on_hand, allocated, supply_on, supply_quantity, as_of, id FROM stock"
            ).fetchall(),
            owed=books.execute("SELECT credit_balance, code FROM customer").fetchall(),
            fed={(row[2], row[3]): row for row in fed},
            newest=newest,
        )

    def put_back(self, books: sqlite3.Connection) -> None:
        """As they were. The feeds tell of nothing since but items and prices, which nobody puts back."""
        books.executemany(
            "UPDATE stock SET on_hand = ?1, allocated = ?2, supply_on = ?3, supply_quantity = ?4, as_of = ?5"
            " WHERE id = ?6 AND (on_hand, allocated, supply_on, supply_quantity, as_of) IS NOT (?1, ?2, ?3, ?4, ?5)",
            self.stock,
        )
        books.executemany(
            "UPDATE customer SET credit_balance = ?1 WHERE code = ?2 AND credit_balance IS NOT ?1", self.owed
        )
        since = "seq > ? AND kind NOT IN ('item', 'price')"
        told = books.execute(f"SELECT kind, key FROM feed WHERE {since}", (self.newest,)).fetchall()  # noqa: S608 - ours
        books.execute(f"DELETE FROM feed WHERE {since}", (self.newest,))  # noqa: S608 - ours
        before = [self.fed[row] for row in told if row in self.fed]
        books.executemany("INSERT INTO feed (stamp, seq, kind, key) VALUES (?, ?, ?, ?)", before)
