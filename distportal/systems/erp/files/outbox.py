"""Orders, changes and cancellations written once. After any crash the state and the staged file tell what was done:

`intent`: nothing can be out. `staged`: the bytes are kept; while the staged file is there it was not released.
`written`: it is out. Only the rename takes a staged file away, so a file that the ERP took at once is not written
again.
"""

from __future__ import annotations

import datetime as dt
import json

from distportal.canonical.base import from_json, to_json
from distportal.systems.erp.files.facts import Action, Dialect
from distportal.systems.erp.files.folder import Folder
from distportal.systems.erp.files.store import Row, Store
from distportal.systems.erp.port import OrderDraft
from distportal.systems.errors import Conflict


class Outbox:
    """What we wrote into the folder."""

    def __init__(self, folder: Folder, store: Store, dialect: Dialect) -> None:
        self._folder = folder
        self._store = store
        self._dialect = dialect

    def put(self, action: Action, draft: OrderDraft, content_hash: str, before: OrderDraft | None = None) -> Row:
        """The row of the file that is out now; asked again it is the same one. Raises Conflict for other content."""
        now = dt.datetime.now(dt.UTC)
        with self._store.write() as tx:
            row = _row(tx.rows(_ALL, draft.order_key), action, content_hash)
            if row is None:
                number = tx.run(
                    "INSERT INTO sent (order_key, action, content_hash, draft, state, sent_at) VALUES (?,?,?,?,?,?)",
                    draft.order_key, action, content_hash, json.dumps(to_json(draft)), "intent", now.isoformat(),
                )  # fmt: skip
                row = {"id": number, "state": "intent"}
                content = self._dialect.write(action, draft, number, now, before)
                name = _name(action, draft.order_key, number, self._dialect.suffix)
                tx.run("UPDATE sent SET name = ?, content = ? WHERE id = ?", name, content, number)
        return self._finish(int(row["id"]))

    def _finish(self, number: int) -> Row:
        # The lock of the state file keeps a second worker out between the steps.
        with self._store.write() as tx:
            row = tx.row("SELECT * FROM sent WHERE id = ?", number) or {}
            if row["state"] == "intent":
                self._folder.stage(row["name"], row["content"])
                tx.run("UPDATE sent SET state = 'staged' WHERE id = ?", number)
        with self._store.write() as tx:
            row = tx.row("SELECT * FROM sent WHERE id = ?", number) or {}
            if row["state"] == "staged":
                self._folder.release(row["name"])
                tx.run("UPDATE sent SET state = 'written' WHERE id = ?", number)
        return {**row, "state": "written"}

    def of(self, order_key: str) -> list[Row]:
        """Every file of the key that is out, or may be, the oldest first."""
        with self._store.write() as tx:
            return [row for row in tx.rows(_ALL, order_key) if row["state"] != "intent" and not self._waits(row)]

    def _waits(self, row: Row) -> bool:
        return row["state"] == "staged" and self._folder.is_staged(row["name"])


_ALL = "SELECT * FROM sent WHERE order_key = ? ORDER BY id"


def draft_of(row: Row) -> OrderDraft:
    """The draft of a sent file."""
    return from_json(OrderDraft, json.loads(row["draft"]))


def _row(rows: list[Row], action: Action, content_hash: str) -> Row | None:
    for row in rows:
        if row["action"] != action:
            continue
        if row["content_hash"] == content_hash:
            return row
        if action == "order":
            message = f"{row['name'] or 'a file'} has the key {row['order_key']} with other content"
            raise Conflict("erp.content_differs", message)
    return None


def _name(action: Action, order_key: str, number: int, suffix: str) -> str:
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in order_key)
    mark = "" if action == "order" else f"-{action}-{number}"
    return f"{safe}{mark}{suffix}"
