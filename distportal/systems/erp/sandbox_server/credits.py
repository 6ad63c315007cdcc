"""Credit requests against invoices, and debit requests that take a credit memo back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from .errors import Invalid, NotFound, WrongState
from .store import Row, Tx, stamp_of

CENT = Decimal("0.01")


def check(tx: Tx, order: Row, lines: list[Row]) -> None:
    """Nothing if the document is this customer's and leaves room for the credit or debit; else Invalid."""
    kind = "invoice" if order["type"] == "CR" else "credit_memo"
    invoice = tx.row(
        "SELECT i.* FROM invoice i JOIN orders o ON o.id = i.order_id WHERE i.number = ? AND i.kind = ? "
        "AND o.customer = ?",
        order["invoice"], kind, order["customer"],
    )  # fmt: skip
    if invoice is None:
        raise Invalid("invoice_unknown", f"customer {order['customer']} has no {kind} {order['invoice']}")
    if any(line["quantity"] <= 0 for line in lines):
        raise Invalid("quantity_invalid", "a quantity must be above zero")
    room = Decimal(invoice["total"]) - _requested(tx, order)
    if _sum(lines) > room:
        raise Invalid("credit_exceeds_invoice", f"{kind} {invoice['number']} leaves {room}", room=str(room))


def approve(tx: Tx, key: str) -> Row:
    """The posted credit memo, or the debit memo of a debit request. `key` is the request's id, number or reference.

    Raises WrongState if none waits.
    """
    order = tx.row(
        "SELECT * FROM orders WHERE type IN ('CR', 'DR') AND status = 'AWAITING_APPROVAL' "
        "AND (id = ? OR number = ? OR reference = ?)",
        key, key, key,
    )  # fmt: skip
    if order is None:
        raise WrongState(f"no credit request {key} waits for approval")
    lines = tx.rows("SELECT * FROM order_line WHERE order_id = ? ORDER BY position", order["id"])
    kind, sign = ("credit_memo", -1) if order["type"] == "CR" else ("invoice", 1)
    number, today = str(tx.number(kind)), tx.today.isoformat()
    total = _sum(lines)
    tx.run("INSERT INTO invoice VALUES (?, ?, ?, '', ?, ?, ?, ?, '', ?)",
           number, kind, order["id"], today, today, str(total), order["invoice"],
           order["currency"] or "USD")  # fmt: skip
    for line in lines:
        amount = str((Decimal(line["price"]) * line["quantity"]).quantize(CENT))
        tx.run("INSERT INTO invoice_line VALUES (?, ?, ?, ?, ?)",
               number, line["position"], line["quantity"], line["price"], amount)  # fmt: skip
    change_balance(tx, order["customer"], sign * total)
    tx.run("UPDATE orders SET status = 'CREDITED', changed_at = ? WHERE id = ?", stamp_of(tx.now), order["id"])
    tx.touch("order", order["id"])
    tx.touch("invoice", number)
    return {"number": number, "total": str(total), "order": order["number"]}


def refuse(tx: Tx, key: str, reason: str) -> Row:
    """The refused request. Raises WrongState if none waits."""
    order = tx.row("SELECT * FROM orders WHERE type IN ('CR', 'DR') AND (number = ? OR reference = ?)", key, key)
    if order is None or order["status"] != "AWAITING_APPROVAL":
        raise WrongState(f"no credit request {key} waits for approval")
    tx.run("UPDATE orders SET status = 'REJECTED', status_reason = ?, changed_at = ? WHERE id = ?",
           reason, stamp_of(tx.now), order["id"])  # fmt: skip
    tx.touch("order", order["id"])
    return {"order": order["number"], "status": "REJECTED"}


def change_balance(tx: Tx, customer: str, amount: Decimal) -> None:
    """What the customer owes grows by `amount`."""
    row = tx.row("SELECT credit_balance FROM customer WHERE code = ?", customer)
    if row is None:
        raise NotFound(f"customer {customer}")
    balance = str(Decimal(row["credit_balance"]) + amount)
    tx.run("UPDATE customer SET credit_balance = ? WHERE code = ?", balance, customer)
    tx.touch("customer", customer)


def terms_days() -> dt.timedelta:
    """Every customer pays net 30."""
    return dt.timedelta(days=30)


def _requested(tx: Tx, order: Row) -> Decimal:
    """What other requests of the same kind took of the document, or are about to."""
    rows = tx.rows(
        "SELECT l.price, l.quantity FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.type = ? "
        "AND o.invoice = ? AND o.id <> ? AND o.status IN ('AWAITING_APPROVAL', 'CREDITED')",
        order["type"], order["invoice"], order["id"],
    )  # fmt: skip
    return _sum(rows)


def _sum(lines: list[Row]) -> Decimal:
    return sum((Decimal(line["price"]) * line["quantity"] for line in lines), Decimal(0)).quantize(CENT)
