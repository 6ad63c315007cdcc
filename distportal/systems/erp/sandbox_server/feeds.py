"""What changed, in the order of stamp and sequence, and the full truth page by page."""

from __future__ import annotations

import base64
import binascii
import datetime as dt

from .errors import NotFound, Problem
from .store import Row, Tx, stamp_of
from .views import VIEWS

MAX_PAGE = 1000
START = ("", -1)
SNAPSHOTS = {
    "item": ("item", "matnr", {"matnr": "matnr"}),
    "customer": ("customer", "code", {"customer": "code"}),
    "stock": ("stock", "id", {"plant": "plant", "matnr": "matnr"}),
    "price": ("price", "id", {"customer": "customer", "matnr": "matnr"}),
}


def changes(tx: Tx, kind: str, cursor: str, overlap: float, limit: int) -> Row:
    """Records touched after the cursor, oldest first, each as it is now. `overlap` starts that many seconds earlier,
    because a stamp is the start of its transaction and older ones can commit later.

    Raises Problem 410 for a cursor that was not made here.
    """
    if kind not in VIEWS:
        raise NotFound(f"feed {kind}")
    stamp, seq = _read(cursor)
    first = _earlier(stamp, overlap) if overlap and stamp else (stamp, seq)
    limit = max(1, min(limit, MAX_PAGE))
    rows = tx.rows(
        "SELECT * FROM feed WHERE kind = ? AND (stamp, seq) > (?, ?) ORDER BY stamp, seq LIMIT ?",
        kind, *first, limit + 1,
    )  # fmt: skip
    more, rows = len(rows) > limit, rows[:limit]
    # at the end the cursor is the time of this look: whatever commits later began at most one overlap before it
    last = (rows[-1]["stamp"], rows[-1]["seq"]) if more else (stamp_of(tx.now), -1)
    view = VIEWS[kind]
    found = [_change(kind, row, view(tx, row["key"])) for row in rows]
    return {"changes": found, "next_cursor": _write(*last), "more": more, "as_of": stamp_of(tx.now)}


def snapshot(tx: Tx, kind: str, after: str, limit: int, scope: dict[str, str]) -> Row:
    """One page of all records of a kind by key; `next` is empty on the last page. `scope` narrows it, several values
    with commas.
    """
    if kind not in SNAPSHOTS:
        raise NotFound(f"snapshot {kind}")
    table, key, filters = SNAPSHOTS[kind]
    where, values = [f"{key} > ?"], [after]
    for name, column in filters.items():
        if name in scope:
            wanted = scope[name].split(",")
            where.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values += wanted
    limit = max(1, min(limit, MAX_PAGE))
    rows = tx.rows(
        f"SELECT t.{key} AS key, f.stamp, f.seq FROM {table} t JOIN feed f ON f.kind = ? AND f.key = t.{key} "
        f"WHERE {' AND '.join('t.' + part for part in where)} ORDER BY t.{key} LIMIT ?",
        kind, *values, limit + 1,
    )  # fmt: skip
    more, rows = len(rows) > limit, rows[:limit]
    view = VIEWS[kind]
    found = [_change(kind, row, view(tx, row["key"])) for row in rows]
    return {"changes": found, "next": rows[-1]["key"] if more else "", "as_of": stamp_of(tx.now)}


def _change(kind: str, row: Row, data: Row) -> Row:
    return {"kind": kind, "key": row["key"], "version": f"{row['seq']:012d}", "stamp": row["stamp"], "data": data}


def _earlier(stamp: str, seconds: float) -> tuple[str, int]:
    return stamp_of(dt.datetime.fromisoformat(stamp) - dt.timedelta(seconds=seconds)), -1


def _write(stamp: str, seq: int) -> str:
    return base64.urlsafe_b64encode(f"{stamp}|{seq}".encode()).decode()


def _read(cursor: str) -> tuple[str, int]:
    if not cursor:
        return START
    try:
        stamp, seq = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        if stamp:
            dt.datetime.fromisoformat(stamp)
        return stamp, int(seq)
    except (binascii.Error, ValueError):
        raise Problem(410, "cursor_unknown", "this cursor was not made by this ERP: take a snapshot") from None
