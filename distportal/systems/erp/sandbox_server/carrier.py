"""The carrier that takes what the sandbox ERP ships: a parcel's way by itself, or event by event by hand."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid

from .proof_image import signature_png
from .store import Row, Tx, stamp_of

WAY = (
    ("AF", "Picked up", "moved", "from"),
    ("X6", "On its way to the destination", "moved", "Salt Lake City, UT"),
    ("X1", "Arrived at the delivery place", "moved", ""),
    ("D1", "Delivered", "delivered", ""),
)
"""X12 element 1650 code, words, what it means for the delivery, where: from the plant, there, or on the way."""
SIGNERS = ("M. Alvarez", "J. Whitfield", "P. Okafor", "S. Lindqvist")


def tell(tx: Tx, event: Row) -> Row:
    """One event at the end of the feed, to be posted too; `event_id` is made where there is none."""
    event = {"event_id": uuid.uuid4().hex, **event}
    tx.run("INSERT INTO tms_event (event_id, body, posted) VALUES (?, ?, 0)", event["event_id"], json.dumps(event))
    return event


def proof(name: str, at: str, place: str) -> Row:
    """Who signed for it, with a picture of the signature."""
    return {"signed_by": name, "at": at, "place": place, "image": base64.b64encode(signature_png(name)).decode()}


def move_parcels(tx: Tx, seconds: float) -> int:
    """How many parcels went one step on; each rests `seconds` between two steps."""
    tx.run("INSERT OR IGNORE INTO tms_parcel SELECT number, 0, shipped_at FROM delivery WHERE carrier = 'UPSN'")
    before = stamp_of(tx.now - dt.timedelta(seconds=seconds))
    due = tx.rows(
        "SELECT p.step, d.number, d.tracking, d.carrier, s.city, s.region, f.city AS city_from, "
        "f.region AS region_from FROM tms_parcel p JOIN delivery d ON d.number = p.delivery "
        "JOIN orders o ON o.id = d.order_id LEFT JOIN ship_to s ON s.code = o.ship_to "
        "LEFT JOIN plant f ON f.code = d.plant WHERE p.step < ? AND p.moved_at < ? ORDER BY d.number LIMIT 50",
        len(WAY), before,
    )  # fmt: skip
    for row in due:
        _step(tx, row)
    return len(due)


def _step(tx: Tx, row: Row) -> None:
    code, meaning, kind, place = WAY[row["step"]]
    now, there = stamp_of(tx.now), f"{row['city']}, {row['region']}"
    place = {"from": f"{row['city_from']}, {row['region_from']}", "": there}.get(place, place)
    event: Row = {
        "carrier": row["carrier"], "tracking_number": row["tracking"],
        "status": {"code": code, "meaning": meaning, "kind": kind, "at": now, "place": place},
    }  # fmt: skip
    if kind == "delivered":
        event["proof"] = proof(SIGNERS[int(row["number"]) % len(SIGNERS)], now, there)
    tell(tx, event)
    tx.run("UPDATE tms_parcel SET step = step + 1, moved_at = ? WHERE delivery = ?", now, row["number"])
