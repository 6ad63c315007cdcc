"""Stock of the plants: allocated by orders, taken by deliveries, filled by receipts."""

from __future__ import annotations

import datetime as dt

from .errors import Invalid, NotFound
from .store import Row, Tx, stamp_of


def allocate_line(tx: Tx, order: Row, line: Row, item: Row, first_plant: str) -> None:
    """Confirm what one plant can promise of the line; the rest gets the date of the next receipt there.

    Whole sales units only. A partial promise is no error, as in real ERPs.
    """
    missing = line["quantity"] - line["confirmed"]
    where = _plant_for(tx, line, missing * line["base_factor"], first_plant)
    can = min(missing, max(where["on_hand"] - where["allocated"], 0) // line["base_factor"])
    _set(tx, where["id"], allocated=where["allocated"] + can * line["base_factor"])
    today = tx.today
    when = max(today + dt.timedelta(days=1), _date(line["requested_on"] or order["requested_on"]) or today)
    if can < missing:
        later = None if item["status"] == "discontinued" else where["supply_on"]
        confirmed_on = later
    else:
        confirmed_on = when.isoformat()
    tx.run(
        "UPDATE order_line SET confirmed = confirmed + ?, confirmed_on = ?, plant = ? "
        "WHERE order_id = ? AND position = ?",
        can, confirmed_on, where["plant"], line["order_id"], line["position"],
    )  # fmt: skip


def release_line(tx: Tx, line: Row) -> None:
    """Give back what the line still holds."""
    held = (line["confirmed"] - line["shipped"]) * line["base_factor"]
    if held > 0:
        row = _row(tx, line["matnr"], line["plant"])
        _set(tx, row["id"], allocated=row["allocated"] - held)


def take(tx: Tx, line: Row, quantity: int) -> None:
    """Goods of a line leave the plant."""
    row, base = _row(tx, line["matnr"], line["plant"]), quantity * line["base_factor"]
    _set(tx, row["id"], allocated=row["allocated"] - base, on_hand=row["on_hand"] - base)


def receive(tx: Tx, matnr: str, plant: str, quantity: int) -> Row:
    """The stock after goods came in. The announced receipt counts as fulfilled."""
    if quantity <= 0:
        raise Invalid("quantity_invalid", "a receipt must be above zero")
    row = _row(tx, matnr, plant)
    _set(tx, row["id"], on_hand=row["on_hand"] + quantity, supply_on=None, supply_quantity=0)
    return _row(tx, matnr, plant)


def adjust(tx: Tx, matnr: str, plant: str, on_hand: int) -> Row:
    """The stock after a count."""
    row = _row(tx, matnr, plant)
    if on_hand < row["allocated"]:
        raise Invalid("quantity_invalid", f"{row['allocated']} are promised to orders")
    _set(tx, row["id"], on_hand=on_hand)
    return _row(tx, matnr, plant)


def _plant_for(tx: Tx, line: Row, wanted: int, first: str) -> Row:
    if line["plant"]:
        return _row(tx, line["matnr"], line["plant"])
    rows = tx.rows("SELECT *, on_hand - allocated AS free FROM stock WHERE matnr = ?", line["matnr"])
    if not rows:
        raise NotFound(f"stock of {line['matnr']}")
    return max(rows, key=lambda r: (r["free"] >= wanted, r["plant"] == first and r["free"] >= wanted, r["free"]))


def _row(tx: Tx, matnr: str, plant: str) -> Row:
    row = tx.row("SELECT * FROM stock WHERE id = ?", f"{matnr}/{plant}")
    if row is None:
        raise NotFound(f"stock of {matnr} in {plant}")
    return row


def _set(tx: Tx, key: str, **values: object) -> None:
    columns = ", ".join(f"{name} = ?" for name in values)
    tx.run(f"UPDATE stock SET {columns}, as_of = ? WHERE id = ?", *values.values(), stamp_of(tx.now), key)
    tx.touch("stock", key)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
