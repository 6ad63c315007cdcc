"""The warehouse and the billing run: deliveries and invoices."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from . import stock
from .credits import change_balance, terms_days
from .errors import Invalid, WrongState
from .lots import lots_in, take_lots
from .orders import held_back, move, order_lines, order_row
from .store import Row, Tx, stamp_of

CENT = Decimal("0.01")
TOO_HIGH = Decimal("1.05")
MAX_CARTONS_PER_LINE = 5
SHIPPABLE = ("RELEASED", "PARTLY_SHIPPED")


def ship(tx: Tx, key: str, short: dict[str, int] | None = None, *, freight: str = "", until: str = "") -> list[str]:
    """The numbers of the deliveries made, one per plant, with everything confirmed and not yet shipped.

    `short` maps a line (posex) to the lower quantity that really goes; the rest of that line is closed for good. What
    leaves the plant `freight` goes by freight, all else by parcel. With the day `until` what is wanted later stays.
    Raises WrongState when the order is not in the warehouse or nothing can go.
    """
    order = order_row(tx, key)
    if order["status"] not in SHIPPABLE:
        raise WrongState(f"order {order['number']} is {order['status']}: nothing to ship")
    short = short or {}
    lines = order_lines(tx, order["id"])
    if unknown := set(short) - {line["posex"] for line in lines}:
        raise Invalid("line_unknown", f"order {order['number']} has no line {', '.join(sorted(unknown))}")
    loads: dict[str, list[tuple[Row, int]]] = defaultdict(list)
    # Whoever says which line goes short has decided that the rest of it is not waited for.
    waiting = set() if short else held_back(tx, order["id"])
    if until:
        waiting |= {one["posex"] for one in lines if (one["requested_on"] or order["requested_on"] or "") > until}
    for line in lines:
        ready = 0 if line["posex"] in waiting else line["confirmed"] - line["shipped"]
        quantity = min(short.get(line["posex"], ready), ready)
        if line["posex"] in short:
            _close_line(tx, line, quantity)
        if quantity > 0:
            loads[line["plant"]].append((line, quantity))
    if not loads and not short:
        raise WrongState(f"order {order['number']} has nothing that may leave: {'it waits' if waiting else 'no stock'}")
    numbers = [
        _deliver(tx, order, plant, load, "RRFT" if plant == freight else "UPSN")
        for plant, load in sorted(loads.items())
    ]
    settle(tx, order)
    return numbers


def settle(tx: Tx, order: Row) -> None:
    """Bring the order's state in line with its lines and invoices."""
    lines = order_lines(tx, order["id"])
    done = all(line["closed"] or line["shipped"] >= line["quantity"] for line in lines)
    unbilled = tx.row("SELECT 1 FROM delivery WHERE order_id = ? AND invoice = ''", order["id"])
    if not done:
        status = "PARTLY_SHIPPED" if any(line["shipped"] for line in lines) else "RELEASED"
    else:
        status = "SHIPPED" if unbilled else "INVOICED"
    move(tx, order, status)


def invoice(tx: Tx, key: str, overbilled: str = "") -> list[str]:
    """The numbers of the invoices made, one per delivery not billed yet; those of a PO number in the list `overbilled`
    are 5 % too high. Raises WrongState when there is none.
    """
    order = order_row(tx, key)
    slip = TOO_HIGH if order["purchase_order"] in overbilled.split(",") and overbilled else Decimal(1)
    deliveries = tx.rows("SELECT * FROM delivery WHERE order_id = ? AND invoice = '' ORDER BY number", order["id"])
    if not deliveries:
        raise WrongState(f"order {order['number']} has no delivery to bill")
    numbers = [_bill(tx, order, delivery, slip) for delivery in deliveries]
    settle(tx, order)
    return numbers


def reallocate(tx: Tx, matnr: str, plant: str) -> None:
    """Give stock that came in to the oldest open lines that wait for it."""
    waiting = tx.rows(
        "SELECT l.*, o.id AS oid FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.matnr = ? "
        "AND l.plant = ? AND l.closed = 0 AND l.confirmed < l.quantity "
        "AND o.status IN ('CONFIRMED', 'RELEASED', 'PARTLY_SHIPPED') "
        "ORDER BY o.id, l.position",
        matnr, plant,
    )  # fmt: skip
    item = tx.row("SELECT * FROM item WHERE matnr = ?", matnr)
    for line in waiting:
        order = order_row(tx, line["oid"])
        if item is not None:
            stock.allocate_line(tx, order, line, item, plant)
            move(tx, order, order["status"])


def _close_line(tx: Tx, line: Row, quantity: int) -> None:
    stock.release_line(tx, {**line, "shipped": line["shipped"] + quantity})
    tx.run(
        "UPDATE order_line SET closed = 1, confirmed = ? WHERE order_id = ? AND position = ?",
        line["shipped"] + quantity, line["order_id"], line["position"],
    )  # fmt: skip


def _deliver(tx: Tx, order: Row, plant: str, load: list[tuple[Row, int]], carrier: str) -> str:
    number = str(tx.number("delivery"))
    carton, weight = 0, Decimal(0)
    for line, quantity in load:
        item = tx.row("SELECT pack_size, weight_lb FROM item WHERE matnr = ?", line["matnr"]) or {}
        base = quantity * line["base_factor"]
        weight += Decimal(item["weight_lb"]) * base
        for part in _cartons(quantity, -(-base // int(item["pack_size"]))):
            carton += 1
            _pack(tx, number, line, part, carton, plant)
        stock.take(tx, line, quantity)
        tx.run("UPDATE order_line SET shipped = shipped + ? WHERE order_id = ? AND position = ?",
               quantity, line["order_id"], line["position"])  # fmt: skip
    tracking = f"{'1Z999' if carrier == 'UPSN' else 'PRO'}{number}"
    tx.run("INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')",
           number, order["id"], plant, stamp_of(tx.now), carrier, tracking, carton, str(weight))  # fmt: skip
    tx.touch("shipment", number)
    return number


def _pack(tx: Tx, number: str, line: Row, quantity: int, carton: int, plant: str) -> None:
    """What of a line is in a carton, of each lot for itself; a lot gives whole sales units."""
    factor = line["base_factor"]
    if not lots_in(tx, line["matnr"], plant):
        tx.run("INSERT INTO delivery_line VALUES (?, ?, ?, ?)", number, line["position"], quantity, carton)
        return
    for lot, expires_on, base in take_lots(tx, line["matnr"], plant, quantity * factor):
        whole = -(-base // factor)
        tx.run("INSERT INTO delivery_line VALUES (?, ?, ?, ?)", number, line["position"], min(whole, quantity), carton)
        quantity -= min(whole, quantity)
        if lot:
            tx.run("INSERT INTO delivery_lot VALUES (last_insert_rowid(), ?, ?)", lot, expires_on)
        if quantity <= 0:
            break


def _cartons(quantity: int, packs: int) -> list[int]:
    count = max(1, min(MAX_CARTONS_PER_LINE, packs, quantity))
    each, extra = divmod(quantity, count)
    return [each + (1 if place < extra else 0) for place in range(count)]


def _bill(tx: Tx, order: Row, delivery: Row, slip: Decimal) -> str:
    number, today = str(tx.number("invoice")), tx.today
    lines = tx.rows(
        "SELECT l.position, l.price, sum(d.quantity) AS quantity FROM delivery_line d JOIN order_line l "
        "ON l.order_id = ? AND l.position = d.position WHERE d.delivery = ? GROUP BY l.position, l.price",
        order["id"], delivery["number"],
    )  # fmt: skip
    total = Decimal(0)
    for line in lines:
        price = line["price"] if slip == 1 else str((Decimal(line["price"]) * slip).quantize(CENT))
        amount = (Decimal(price) * line["quantity"]).quantize(CENT)
        total += amount
        tx.run("INSERT INTO invoice_line VALUES (?, ?, ?, ?, ?)",
               number, line["position"], line["quantity"], price, str(amount))  # fmt: skip
    tx.run(
        "INSERT INTO invoice VALUES (?, 'invoice', ?, ?, ?, ?, ?, '', 'Net 30', ?)",
        number, order["id"], delivery["number"], today.isoformat(), (today + terms_days()).isoformat(), str(total),
        order["currency"] or "USD",
    )  # fmt: skip
    tx.run("UPDATE delivery SET invoice = ? WHERE number = ?", number, delivery["number"])
    change_balance(tx, order["customer"], total)
    tx.touch("invoice", number)
    return number
