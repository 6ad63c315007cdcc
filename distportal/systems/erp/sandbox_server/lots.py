"""Lots of what expires: filled by receipts, taken by deliveries, the one that expires first before the others."""

from __future__ import annotations

import datetime as dt

from .prices import attributes_of
from .store import Row, Tx


def lots_in(tx: Tx, matnr: str, plant: str) -> list[Row]:
    """What lies there by lot, the first to expire first; nothing for what is not kept by lot."""
    return tx.rows(
        "SELECT lot, expires_on, quantity FROM stock_lot WHERE matnr = ? AND plant = ? AND quantity > 0 "
        "ORDER BY expires_on, lot",
        matnr, plant,
    )  # fmt: skip


def add_lot(tx: Tx, matnr: str, plant: str, lot: str, quantity: int, expires_on: dt.date) -> None:
    """So much more of a lot lies there."""
    tx.run(
        "INSERT INTO stock_lot VALUES (?, ?, ?, ?, ?) ON CONFLICT (matnr, plant, lot) "
        "DO UPDATE SET quantity = quantity + excluded.quantity",
        matnr, plant, lot, expires_on.isoformat(), quantity,
    )  # fmt: skip


def take_lots(tx: Tx, matnr: str, plant: str, quantity: int) -> list[tuple[str, str, int]]:
    """(Lot, day, quantity) of what leaves: whole what was asked, the rest without a lot where there is none left. What
    does not keep as long as the item should goes last.
    """
    taken: list[tuple[str, str, int]] = []
    item = tx.row("SELECT * FROM item WHERE matnr = ?", matnr)
    days = attributes_of(item).get("least_shelf_life", 0) if item else 0
    need = (tx.today + dt.timedelta(days=days)).isoformat()
    for row in sorted(lots_in(tx, matnr, plant), key=lambda row: row["expires_on"] < need):
        part = min(quantity, row["quantity"])
        if part <= 0:
            break
        tx.run(
            "UPDATE stock_lot SET quantity = quantity - ? WHERE matnr = ? AND plant = ? AND lot = ?",
            part, matnr, plant, row["lot"],
        )  # fmt: skip
        taken.append((row["lot"], row["expires_on"], part))
        quantity -= part
    return [*taken, ("", "", quantity)] if quantity else taken


def seed_lots(tx: Tx) -> None:
    """The items that expire, as they lie there at first."""
    today = tx.today
    for matnr, plant, lot, quantity, days in LOTS:
        add_lot(tx, matnr, plant, lot, quantity, today + dt.timedelta(days=days))


# material, plant, lot, quantity, days until it expires; together what stocks.FIXED opens with.
LOTS = (
    ("30-000004", "1000", "TS-0411", 40, 20),
    ("30-000004", "1000", "TS-0502", 80, 300),
    ("30-000004", "2000", "TS-0502", 60, 300),
    ("30-000004", "3000", "TS-0411", 25, 20),
)
