"""Sales orders and credit requests: draft, confirm, process, cancel."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation

from . import credits, stock
from .errors import Invalid, NotFound, Problem, WrongState
from .prices import item_by, unit_factor
from .store import Row, Tx, stamp_of

LIVE = "status NOT IN ('CANCELLED')"
OPEN = ("DRAFT", "CONFIRMED", "RELEASED", "AWAITING_APPROVAL")


def order_row(tx: Tx, key: str) -> Row:
    """The order's own row by id or number. Raises NotFound."""
    found = tx.row("SELECT * FROM orders WHERE id = ? OR number = ?", key, key)
    if found is None:
        raise NotFound(f"order {key}")
    return found


def order_lines(tx: Tx, order_id: str) -> list[Row]:
    """Its lines in order."""
    return tx.rows("SELECT * FROM order_line WHERE order_id = ? ORDER BY position", order_id)


def order_view(tx: Tx, order: Row) -> Row:
    """The order as the API shows it; `total` is what is billed when everything ordered is delivered."""
    lines = order_lines(tx, order["id"])
    total = sum((Decimal(line["price"]) * line["quantity"] for line in lines), Decimal(0))
    return {**order, "total": str(total), "as_of": stamp_of(tx.now), "lines": lines}


def find(tx: Tx, reference: str) -> list[Row]:
    """Every order with that reference, cancelled ones too: nothing makes the reference unique."""
    return [order_view(tx, o) for o in tx.rows("SELECT * FROM orders WHERE reference = ? ORDER BY id", reference)]


def create(tx: Tx, body: Row, *, unique_reference: bool) -> Row:
    """A draft. Raises Problem 409 for a taken reference where references are unique, Invalid for unknown codes."""
    reference = str(body.get("reference", ""))
    if unique_reference:
        _refuse_taken(tx, reference, str(body.get("content_hash", "")))
    customer = tx.row("SELECT * FROM customer WHERE code = ?", body.get("customer"))
    if customer is None:
        raise Invalid("customer_unknown", f"no customer {body.get('customer')}")
    if not tx.row("SELECT 1 FROM ship_to WHERE code = ? AND customer = ?", body.get("ship_to"), customer["code"]):
        raise Invalid("ship_to_unknown", f"customer {customer['code']} has no ship-to {body.get('ship_to')}")
    kind = str(body.get("type", "OR"))
    if kind not in ("OR", "CR", "DR") or not body.get("lines"):
        raise Invalid("order_invalid", "an order is of type OR, CR or DR and has lines")
    number = str(tx.number("order" if kind == "OR" else "request"))
    order_id = str(tx.number("id"))
    fields = ("currency", "purchase_order", "requested_on", "note", "invoice", "reason")
    tx.run(
        f"INSERT INTO orders VALUES ({', '.join('?' * 18)})",
        order_id, number, kind, reference, body.get("content_hash", ""), customer["code"], body["ship_to"],
        *(body.get(name) or "" for name in fields), "DRAFT", "", tx.stamp, tx.stamp, None,
    )  # fmt: skip
    for position, line in enumerate(body["lines"], start=1):
        add_line(tx, order_id, position * 10, line)
    keep_terms(tx, order_id, body)
    tx.touch("order", order_id)
    return order_view(tx, order_row(tx, order_id))


def keep_terms(tx: Tx, order_id: str, body: Row) -> None:
    """Whether nothing leaves before all is there, and which lines leave with the rest alone."""
    held = [str(line.get("posex")) for line in body["lines"] if line.get("with_rest")]
    tx.run(
        "INSERT OR REPLACE INTO order_terms VALUES (?, ?, ?)",
        order_id, int(bool(body.get("complete_delivery"))), json.dumps(held),
    )  # fmt: skip


def held_back(tx: Tx, order_id: str) -> set[str]:
    """The lines (posex) that may not leave as long as a line of the order is not there in full."""
    terms = tx.row("SELECT * FROM order_terms WHERE order_id = ?", order_id)
    lines = order_lines(tx, order_id)
    if terms is None or all(line["closed"] or line["confirmed"] >= line["quantity"] for line in lines):
        return set()
    return {str(line["posex"]) for line in lines} if terms["complete"] else set(json.loads(terms["with_rest"]))


def confirm(tx: Tx, key: str) -> Row:
    """The order with stock allocated (or the credit request filed). Raises WrongState when it is not a draft,
    Invalid when customer, item or quantity do not allow it."""
    order = order_row(tx, key)
    if order["status"] != "DRAFT":
        raise WrongState(f"order {order['number']} is {order['status']}, not DRAFT")
    customer = tx.row("SELECT * FROM customer WHERE code = ?", order["customer"])
    if customer is None or customer["status"] == "blocked":
        raise Invalid("customer_blocked", f"customer {order['customer']} is blocked")
    if order["type"] != "OR":
        credits.check(tx, order, order_lines(tx, order["id"]))
        return move(tx, order, "AWAITING_APPROVAL")
    for line in order_lines(tx, order["id"]):
        item = item_by(tx, line["matnr"])
        if item["status"] == "blocked":
            raise Invalid("item_blocked", f"item {line['matnr']} is blocked for sale", posex=line["posex"])
        if line["quantity"] <= 0:
            raise Invalid("quantity_invalid", "a quantity must be above zero", posex=line["posex"])
        stock.allocate_line(tx, order, line, item, customer["plant"])
    tx.run("UPDATE orders SET allocated_at = ? WHERE id = ?", stamp_of(tx.now), order["id"])
    return move(tx, order, "CONFIRMED")


def process(tx: Tx, key: str) -> Row:
    """The order released to the warehouse. Raises WrongState when it is not confirmed."""
    order = order_row(tx, key)
    if order["status"] != "CONFIRMED":
        raise WrongState(f"order {order['number']} is {order['status']}, not CONFIRMED")
    return move(tx, order, "RELEASED")


def cancel(tx: Tx, key: str, reason: str) -> Row:
    """The cancelled order, its stock free again. Raises WrongState once goods have left or credit was given."""
    order = order_row(tx, key)
    if order["status"] not in OPEN:
        raise WrongState(f"order {order['number']} is {order['status']}: too late to cancel")
    for line in order_lines(tx, order["id"]):
        stock.release_line(tx, line)
    return move(tx, order, "CANCELLED", reason)


def move(tx: Tx, order: Row, status: str, reason: str = "") -> Row:
    """The order in its new state, on the feed."""
    tx.run(
        "UPDATE orders SET status = ?, status_reason = ?, changed_at = ? WHERE id = ?",
        status, reason, stamp_of(tx.now), order["id"],
    )  # fmt: skip
    tx.touch("order", order["id"])
    return order_view(tx, order_row(tx, order["id"]))


def _refuse_taken(tx: Tx, reference: str, content_hash: str) -> None:
    taken = tx.row(f"SELECT * FROM orders WHERE reference = ? AND {LIVE}", reference)
    if taken is not None:
        code = "reference_exists" if taken["content_hash"] == content_hash else "content_differs"
        raise Problem(409, code, f"reference {reference} belongs to order {taken['number']}", number=taken["number"])


def add_line(tx: Tx, order_id: str, position: int, line: Row) -> None:
    """One more line. Raises Invalid for what cannot be read or is not known here."""
    item = item_by(tx, str(line.get("matnr")))
    try:
        quantity, price = Decimal(str(line["quantity"])), Decimal(str(line["price"]))
        if line.get("requested_on"):
            dt.date.fromisoformat(str(line["requested_on"]))
    except (InvalidOperation, KeyError, ValueError):
        raise Invalid("order_invalid", "a line needs a quantity and a price", posex=line.get("posex")) from None
    if quantity != int(quantity):
        raise Invalid("quantity_invalid", "only whole units are sold", posex=line.get("posex"))
    plant = str(line.get("plant") or "")
    if plant and not tx.row("SELECT 1 FROM plant WHERE code = ?", plant):
        raise Invalid("plant_unknown", f"no plant {plant}", posex=line.get("posex"))
    tx.run(
        "INSERT INTO order_line (order_id, position, posex, matnr, quantity, unit, base_factor, price, plant, "
        "requested_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        order_id, position, str(line.get("posex", position)), item["matnr"], int(quantity), line.get("unit"),
        unit_factor(item, str(line.get("unit"))), str(price), plant, line.get("requested_on") or "",
    )  # fmt: skip
