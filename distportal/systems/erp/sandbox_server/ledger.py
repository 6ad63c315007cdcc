"""Every request the ERP saw, and what it did to it on purpose."""

from __future__ import annotations

from .store import Row, Store, stamp_of


def note(store: Store, *, method: str, path: str, order_key: str, status: int, fault: str) -> None:
    """Write one line; `status` 0 means that no answer left."""
    with store.write() as tx:
        tx.run("INSERT INTO ledger (at, method, path, order_key, status, fault) VALUES (?, ?, ?, ?, ?, ?)",
               stamp_of(tx.now), method, path, order_key, status, fault)  # fmt: skip


def lines(store: Store, order_key: str = "", limit: int = 1000) -> list[Row]:
    """The newest lines, oldest first, of one order or of all."""
    with store.read() as tx:
        found = tx.rows(
            "SELECT * FROM ledger WHERE ? IN ('', order_key) ORDER BY id DESC LIMIT ?", order_key, limit
        )  # fmt: skip
    return found[::-1]
