"""The people of the ERP when nobody sits there: ships, bills and approves credit after a while."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from . import carrier, credits, fulfilment, orders, warehouse, webhooks
from .config import LiveConfig
from .errors import Problem
from .store import Row, Store, Tx, stamp_of

PERIOD = 0.5


def run_forever(store: Store, config: LiveConfig, stop: threading.Event) -> None:
    """Look twice a second until told to stop."""
    while not stop.wait(PERIOD):
        run_once(store, config)
        webhooks.post_waiting(store, config.now)


def run_once(store: Store, config: LiveConfig) -> None:
    """Do what is due now; each document in a transaction of its own."""
    now = config.now
    for after, due_of, act in (
        (now.auto_ship_after, _to_ship(now.early), lambda tx, key: _ship(tx, key, now.freight_plant, now.early)),
        (now.auto_invoice_after, _of(READY_TO_BILL), lambda tx, key: fulfilment.invoice(tx, key, now.overbilled)),
        (now.auto_credit_after, _of(READY_TO_CREDIT), lambda tx, key: credits.approve(tx, key)),
    ):
        if after <= 0:
            continue
        with store.read() as tx:
            due = [row["id"] for row in due_of(tx, _before(tx, after))]
        for key in due:
            try:
                with store.write() as tx:
                    act(tx, key)
            except Problem:
                continue  # somebody pressed the button in between
    if now.auto_track_after > 0:
        with store.write() as tx:
            carrier.move_parcels(tx, now.auto_track_after)
    if now.auto_pick_after > 0:
        with store.write() as tx:
            for row in tx.rows(READY_TO_WORK, _before(tx, now.auto_pick_after)):
                warehouse.step(tx, row["reference"], NEXT_STEP[row["stage"]], {})


def _of(sql: str) -> Callable[[Tx, str], list[Row]]:
    return lambda tx, before: tx.rows(sql, before)


def _to_ship(early: str) -> Callable[[Tx, str], list[Row]]:
    """What is wanted by now, and what is to leave before it is wanted."""
    return lambda tx, before: tx.rows(READY_TO_SHIP, before, tx.today.isoformat(), f",{early},")


def _ship(tx: Tx, key: str, freight: str, early: str) -> None:
    sooner = orders.order_row(tx, key)["purchase_order"] in early.split(",")
    fulfilment.ship(tx, key, freight=freight, until="" if sooner else tx.today.isoformat())


NEXT_STEP = {"received": "pick", "picking": "pack", "packed": "ship"}
READY_TO_WORK = """SELECT reference, stage FROM wms_release WHERE stage IN ('received', 'picking', 'packed')
  AND changed_at < ? ORDER BY reference LIMIT 50"""
READY_TO_SHIP = """SELECT id FROM orders o WHERE status IN ('RELEASED', 'PARTLY_SHIPPED') AND changed_at < ?
  AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.confirmed > l.shipped
    AND (COALESCE(NULLIF(l.requested_on, ''), o.requested_on, '') <= ?
      OR instr(?, ',' || o.purchase_order || ',') > 0)) ORDER BY id LIMIT 50"""
READY_TO_BILL = """SELECT DISTINCT order_id AS id FROM delivery WHERE invoice = '' AND shipped_at < ?
  ORDER BY 1 LIMIT 50"""
READY_TO_CREDIT = """SELECT id FROM orders WHERE status = 'AWAITING_APPROVAL' AND changed_at < ? ORDER BY id LIMIT 50"""


def _before(tx: Tx, seconds: float) -> str:
    return stamp_of(tx.now - dt.timedelta(seconds=seconds))
