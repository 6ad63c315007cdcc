"""The warehouse system that stands beside the sandbox ERP: instructions, picking, and a feed of what happened."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .errors import Invalid, NotFound, Problem
from .store import Row, Tx, stamp_of

PREFIX = "00614141"
STEPS = {"pick": ("picked", "picking"), "pack": ("packed", "packed"), "ship": ("shipped", "shipped"),
         "drop": ("cancelled", "cancelled")}  # fmt: skip


def find(tx: Tx, reference: str) -> list[Row]:
    """What is held under a reference."""
    return [_view(row) for row in tx.rows("SELECT * FROM wms_release WHERE reference = ?", reference)]


def packing_list(tx: Tx, reference: str) -> Row:
    """The instruction with its order, as it is on the floor."""
    held = _held(tx, reference)
    if held is None:
        raise NotFound(f"release {reference}")
    return {**_view(held), "order": json.loads(held["body"])}


def put(tx: Tx, reference: str, body: Row) -> Row:
    """The instruction, new or in the place of an older one. Raises Problem 409 for what comes too late or differs."""
    sequence, digest = int(body["sequence"]), str(body["content_hash"])
    if not body["order"]["lines"]:
        raise Invalid("no_lines", "an instruction without lines asks for nothing")
    held = _held(tx, reference)
    if held and _judge(held, sequence, digest):
        return _view(held)
    number = held["number"] if held else f"W{tx.number('wms')}"
    tx.run("INSERT OR REPLACE INTO wms_release VALUES (?, ?, ?, ?, 'received', ?, ?)",
           reference, sequence, digest, json.dumps(body["order"]), number, stamp_of(tx.now))  # fmt: skip
    return find(tx, reference)[0]


def cancel(tx: Tx, reference: str, body: Row) -> Row:
    """The instruction, ended. Raises NotFound, or Problem 409 where it has left."""
    held = _held(tx, reference)
    if held is None:
        raise NotFound(f"release {reference}")
    sequence, digest = int(body["sequence"]), str(body["content_hash"])
    if not _judge(held, sequence, digest):
        tx.run("UPDATE wms_release SET sequence = ?, content_hash = ?, stage = 'cancelled', changed_at = ? "
               "WHERE reference = ?", sequence, digest, stamp_of(tx.now), reference)  # fmt: skip
    return find(tx, reference)[0]


def step(tx: Tx, reference: str, name: str, body: Row) -> Row:
    """What the people there did: pick, pack, ship (`short`, `over`, `lots` by line), drop. The event it made.

    Nobody stops them from shipping what was cancelled or never asked (`lines`): that is what the portal has to bear.
    """
    if name not in STEPS:
        raise NotFound(f"the step {name}")
    kind, stage = STEPS[name]
    held = _held(tx, reference)
    payload: Row = _shipment(tx, reference, held, body) if name == "ship" else {"by": str(body.get("by", "floor"))}
    tx.run("UPDATE wms_release SET stage = ?, changed_at = ? WHERE reference = ?", stage, stamp_of(tx.now), reference)
    return tell(tx, kind, reference, payload)


def tell(tx: Tx, kind: str, reference: str, payload: Row, event_id: str = "") -> Row:
    """One event at the end of the feed."""
    event = {"event_id": event_id or uuid.uuid4().hex, "kind": kind, "reference": reference,
             "occurred_at": stamp_of(tx.now), "payload": payload}  # fmt: skip
    tx.run("INSERT INTO wms_event (event_id, body) VALUES (?, ?)", event["event_id"], json.dumps(event))
    return event


def repeat(tx: Tx, event_id: str) -> Row:
    """The same event once more at the end of the feed, as a system does that lost count."""
    row = tx.row("SELECT body FROM wms_event WHERE event_id = ?", event_id)
    if row is None:
        raise NotFound(f"event {event_id}")
    tx.run("INSERT INTO wms_event (event_id, body) VALUES (?, ?)", event_id, row["body"])
    return dict(json.loads(row["body"]))


def feed(tx: Tx, table: str, cursor: str, limit: int) -> Row:
    """A page of one of the feeds; the cursor is a place in it."""
    if cursor and not cursor.isdecimal():
        raise Problem(410, "cursor_unknown", f"{cursor[:20]} is no cursor of this feed")
    limit = max(1, min(limit, 500))
    rows = tx.rows(f"SELECT seq, body FROM {table} WHERE seq > ? ORDER BY seq LIMIT ?", int(cursor or 0), limit + 1)
    shown = rows[:limit]
    last = str(shown[-1]["seq"]) if shown else cursor
    return {"events": [json.loads(row["body"]) for row in shown], "next_cursor": last, "more": len(rows) > limit}


def _judge(held: Row, sequence: int, digest: str) -> bool:
    """Whether this very instruction is held already."""
    if sequence == held["sequence"]:
        if digest != held["content_hash"]:
            raise Problem(409, "content_differs", f"instruction {sequence} is held with other content")
        return True
    if sequence < held["sequence"]:
        raise Problem(409, "superseded", f"instruction {held['sequence']} is in force, {sequence} came too late")
    if held["stage"] == "shipped":
        raise Problem(409, "too_late", f"{held['reference']} has left")
    return False


def _shipment(tx: Tx, reference: str, held: Row | None, body: Row) -> Row:
    order: dict[str, Any] = json.loads(held["body"]) if held else {"lines": body.get("lines", [])}
    lines = []
    for line in order["lines"]:
        number, asked = line["line_no"], str(line["quantity"])
        short, over = body.get("short", {}).get(number), body.get("over", {}).get(number)
        lines.append({
            "line_no": number, "items": line["items"], "unit": line["unit"], "ordered": asked,
            "quantity": str(short if short is not None else over if over is not None else asked),
            "status": "CP" if short is not None else "CC", "lot": body.get("lots", {}).get(number, ""),
            "sscc": _sscc(tx),
        })  # fmt: skip
    number = str(body.get("number") or f"BOL{tx.number('wms_bill')}")
    return {
        "number": number, "order_number": reference, "shipped_on": tx.today.isoformat(), "lines": lines,
        "po_number": order.get("po_number", ""), "carrier": "UPSN", "bill_of_lading": number,
    }  # fmt: skip


def _sscc(tx: Tx) -> str:
    digits = f"{PREFIX}{tx.number('sscc'):09d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def _held(tx: Tx, reference: str) -> Row | None:
    return tx.row("SELECT * FROM wms_release WHERE reference = ?", reference)


def _view(row: Row) -> Row:
    return {name: row[name] for name in ("reference", "sequence", "content_hash", "stage", "number")} | {
        "as_of": row["changed_at"]
    }
