"""Change an order: the whole list of lines is given anew, as far as goods have not left."""

from __future__ import annotations

from decimal import Decimal

from . import fulfilment, stock
from .errors import Invalid, Problem, WrongState
from .orders import add_line, keep_terms, move, order_lines, order_row, order_view
from .prices import item_by, unit_factor
from .store import Row, Tx

CHANGEABLE = ("DRAFT", "CONFIRMED", "RELEASED", "PARTLY_SHIPPED")


def change(tx: Tx, key: str, body: Row) -> Row:
    """The order with the lines of `body`; lines that it leaves out are deleted. With the content it has already nothing
    happens.

    Raises Problem 409 where it holds other content than `replaces`, WrongState once everything has left, Invalid for a
    line that cannot be so.
    """
    order = order_row(tx, key)
    if order["content_hash"] == str(body["content_hash"]):
        return order_view(tx, order)
    if order["content_hash"] != str(body.get("replaces", "")):
        raise Problem(409, "content_differs", f"order {order['number']} was changed in between")
    if order["status"] not in CHANGEABLE:
        raise WrongState(f"order {order['number']} is {order['status']}: too late to change")
    before = {line["posex"]: line for line in order_lines(tx, order["id"])}
    wanted = {str(line["posex"]): line for line in body["lines"]}
    if not wanted:
        raise Invalid("order_invalid", "an order without lines is cancelled, not changed")
    for posex, line in before.items():
        if posex not in wanted:
            _drop(tx, line)
        elif not line["closed"]:
            _alter(tx, order, line, wanted[posex])
    for posex in wanted.keys() - before.keys():
        _append(tx, order, wanted[posex])
    tx.run(
        "UPDATE orders SET content_hash = ?, requested_on = ? WHERE id = ?",
        body["content_hash"], body.get("requested_on") or order["requested_on"], order["id"],
    )  # fmt: skip
    keep_terms(tx, order["id"], body)
    if order["status"] in fulfilment.SHIPPABLE:
        fulfilment.settle(tx, order_row(tx, order["id"]))
    else:
        move(tx, order, order["status"])
    return order_view(tx, order_row(tx, order["id"]))


def _drop(tx: Tx, line: Row) -> None:
    stock.release_line(tx, line)
    tx.run(
        "UPDATE order_line SET closed = 1, quantity = shipped, confirmed = shipped WHERE order_id = ? AND position = ?",
        line["order_id"], line["position"],
    )  # fmt: skip


def _alter(tx: Tx, order: Row, line: Row, wanted: Row) -> None:
    item, quantity = item_by(tx, str(wanted["matnr"])), int(Decimal(str(wanted["quantity"])))
    if quantity < line["shipped"] or quantity <= 0:
        raise Invalid(
            "quantity_below_shipped", f"{line['shipped']} of line {line['posex']} have left", posex=line["posex"]
        )
    other_item = item["matnr"] != line["matnr"]
    if other_item and line["shipped"]:
        raise Invalid("item_shipped", f"line {line['posex']} has left in part with another item", posex=line["posex"])
    stock.release_line(tx, line)
    tx.run(
        "UPDATE order_line SET matnr = ?, quantity = ?, unit = ?, base_factor = ?, price = ?, requested_on = ?, "
        "plant = ?, confirmed = shipped WHERE order_id = ? AND position = ?",
        item["matnr"], quantity, wanted["unit"], unit_factor(item, str(wanted["unit"])), str(wanted["price"]),
        wanted.get("requested_on") or "", "" if other_item else line["plant"], line["order_id"], line["position"],
    )  # fmt: skip
    _allocate(tx, order, line["position"], item)


def _append(tx: Tx, order: Row, wanted: Row) -> None:
    last = tx.row("SELECT max(position) AS position FROM order_line WHERE order_id = ?", order["id"]) or {}
    position = int(last["position"]) + 10
    add_line(tx, order["id"], position, wanted)
    _allocate(tx, order, position, item_by(tx, str(wanted["matnr"])))


def _allocate(tx: Tx, order: Row, position: int, item: Row) -> None:
    if item["status"] == "blocked":
        raise Invalid("item_blocked", f"item {item['matnr']} is blocked for sale")
    if order["status"] == "DRAFT":
        return
    customer = tx.row("SELECT plant FROM customer WHERE code = ?", order["customer"]) or {}
    line = next(row for row in order_lines(tx, order["id"]) if row["position"] == position)
    stock.allocate_line(tx, order, line, item, str(customer.get("plant", "")))
