"""Files that came in, each read once: into the state by one transaction, then kept. What is wrong is set aside."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import pathlib

from distportal.canonical.base import to_json
from distportal.systems.erp.files.facts import Dialect, Fault, Parsed, Record
from distportal.systems.erp.files.folder import Folder, plain_name
from distportal.systems.erp.files.line_changes import known_lines
from distportal.systems.erp.files.outbox import draft_of
from distportal.systems.erp.files.rollup import order_json, order_state
from distportal.systems.erp.files.store import Row, Store, Tx
from distportal.systems.erp.port import FeedKind, OrderDraft

_LATEST = "SELECT said FROM confirmation WHERE order_key = ? ORDER BY id DESC LIMIT 1"


class Inbox:
    """What the ERP put into the folder."""

    def __init__(self, folder: Folder, store: Store, dialect: Dialect) -> None:
        self._folder = folder
        self._store = store
        self._dialect = dialect

    def take_in(self) -> int:
        """How many files were new. Repeated after a crash it reads none twice: bytes that are known say nothing new."""
        return sum(self._take(path) for path in self._folder.arrivals())

    def _take(self, path: pathlib.Path) -> bool:
        try:
            content, stat = path.read_bytes(), path.stat()
        except FileNotFoundError:
            return False  # another worker was faster
        name = plain_name(path.name)
        # The same file after a crash, not the same words: stock may be today what it was a week ago.
        mark = f"{name} {stat.st_mtime_ns} {hashlib.sha256(content).hexdigest()}"
        arrived_at, changed = dt.datetime.now(dt.UTC), dt.datetime.fromtimestamp(stat.st_mtime, dt.UTC)
        with self._store.write() as tx:
            known = tx.row("SELECT id FROM arrival WHERE mark = ?", mark)
            if known is None:
                number = tx.run("INSERT INTO arrival (name, mark, arrived_at) VALUES (?,?,?)",
                                name, mark, arrived_at.isoformat())  # fmt: skip
                parsed = self._dialect.parse(path.name, content, changed, Known(tx))
                self._enter(tx, number, parsed, arrived_at)
                for fault in parsed.faults:
                    entered = tx.run("INSERT INTO fault (arrival, place, reason) VALUES (?,?,?)",
                                     number, fault.place, fault.reason)  # fmt: skip
                    if fault.unmapped:
                        tx.run("INSERT INTO fault_code VALUES (?,?,?)", entered, *fault.unmapped)
                self._set_aside(number, name, parsed)
        self._folder.keep(path, int(known["id"]) if known else number)
        return known is None

    def _enter(self, tx: Tx, number: int, parsed: Parsed, now: dt.datetime) -> None:
        touched: dict[str, None] = {}
        for confirmation in parsed.confirmations:
            key = confirmation.order_key
            if not any(row["action"] == "order" for row in self._outbox_rows(tx, key)):
                line = json.dumps(to_json(confirmation)).encode()
                parsed.faults.append(Fault(f"order {key}", f"we sent no order with the key {key}", line))
                continue
            said = json.dumps(to_json(confirmation))
            if (tx.row(_LATEST, key) or {}).get("said") == said:
                continue
            tx.run("INSERT INTO confirmation (arrival, order_key, number, said, at) VALUES (?,?,?,?,?)",
                   number, key, confirmation.number, said, now.isoformat())  # fmt: skip
            touched[key] = None
        for record in parsed.records:
            if enter_record(tx, number, record, now) and record.order_key:
                touched[record.order_key] = None
        if parsed.full and not parsed.faults:
            _sweep(tx, number, parsed.full, {r.erp_id for r in parsed.records}, now)
        for key in touched:
            if state := order_state(tx, key, self._outbox_rows(tx, key)):
                enter_record(
                    tx, number, Record(kind="order", erp_id=key, payload=order_json(state), order_key=key), now
                )

    def _outbox_rows(self, tx: Tx, key: str) -> list[Row]:
        return tx.rows("SELECT * FROM sent WHERE order_key = ? AND state <> 'intent' ORDER BY id", key)

    def _set_aside(self, number: int, name: str, parsed: Parsed) -> None:
        if not parsed.faults:
            return
        why = "\n".join(f"{fault.place or 'the whole file'}: {fault.reason}" for fault in parsed.faults)
        content = parsed.heading + b"".join(fault.content for fault in parsed.faults)
        self._folder.set_aside(f"{number:09d}-{name}", content, f"{name}, arrival {number}\n{why}\n")


class Known:
    """What was sent and answered, within the transaction of an arrival."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def draft(self, order_key: str) -> OrderDraft | None:
        """The order with every line that was ever written of it, as it was written last; or None."""
        drafts = self._drafts(order_key)
        return known_lines(drafts) if drafts else None

    def wanted(self, order_key: str) -> frozenset[str]:
        """The line numbers of the order as it was written last."""
        return frozenset(line.line_key for draft in self._drafts(order_key)[-1:] for line in draft.lines)

    def _drafts(self, order_key: str) -> list[OrderDraft]:
        written = "SELECT * FROM sent WHERE order_key = ? AND action IN ('order', 'change') ORDER BY id"
        return [draft_of(row) for row in self._tx.rows(written, order_key)]

    def key_of(self, number: str) -> str:
        """Our key of the order that the ERP answered under this number."""
        row = self._tx.row("SELECT order_key FROM confirmation WHERE number = ? AND number <> ''", number)
        return str(row["order_key"]) if row else ""


def enter_record(tx: Tx, number: int, record: Record, now: dt.datetime) -> bool:
    """Whether it is news: an equal one says nothing, one that the ERP said before what we hold is passed over."""
    payload = json.dumps(record.payload, sort_keys=True)
    digest = hashlib.sha256(f"{record.deleted}{payload}".encode()).hexdigest()[:16]
    said_at = (record.said_at or now).astimezone(dt.UTC).isoformat(timespec="microseconds")
    held = tx.row("SELECT id, digest, said_at FROM record WHERE kind = ? AND erp_id = ? AND latest = 1",
                  record.kind, record.erp_id)  # fmt: skip
    if held:
        if held["digest"] == digest or said_at < held["said_at"]:
            return False
        tx.run("UPDATE record SET latest = 0 WHERE id = ?", held["id"])
    version = ".".join(part for part in (f"{number:012d}", record.document, digest) if part)
    tx.run(
        "INSERT INTO record (kind, erp_id, order_key, version, digest, said_at, payload, deleted, latest)"
        " VALUES (?,?,?,?,?,?,?,?,1)",
        record.kind, record.erp_id, record.order_key, version, digest, said_at, payload, int(record.deleted),
    )  # fmt: skip
    return True


def _sweep(tx: Tx, number: int, kind: FeedKind, present: set[str], now: dt.datetime) -> None:
    """What a file that holds the whole truth does not name is gone."""
    for row in tx.rows("SELECT erp_id, payload FROM record WHERE kind = ? AND latest = 1 AND deleted = 0", kind):
        if row["erp_id"] not in present:
            gone = Record(kind=kind, erp_id=row["erp_id"], payload=json.loads(row["payload"]), deleted=True)
            enter_record(tx, number, gone, now)
