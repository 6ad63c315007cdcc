"""How each kind of record looks in the feeds, in the ERP's own codes."""

from __future__ import annotations

from collections.abc import Callable

from .errors import NotFound
from .lots import lots_in
from .orders import order_row, order_view
from .prices import attributes_of, item_by
from .store import Row, Tx


def item_view(tx: Tx, key: str) -> Row:
    """An item."""
    row = _one(tx, "SELECT * FROM item WHERE matnr = ?", key)
    more = attributes_of(row)
    regions = row["restricted_regions"]
    return {
        **{name: value for name, value in row.items() if name != "attributes"},
        "hazmat": bool(row["hazmat"]),
        "restricted_regions": regions.split(",") if regions else [],
        "packs": [
            {"unit": unit, "size": size, "barcode": barcode, "sold": sold}
            for unit, size, barcode, sold in more.get("packs", [[row["pack_unit"], row["pack_size"], "", True]])
        ],
        "base_sold": more.get("base_sold", True),
        "min_quantity": more.get("min_quantity", 0),
        "order_multiple": more.get("multiple", 0),
        "last_order_on": more.get("last_order_on"),
        "hazard": more.get("hazard", {}),
        "least_shelf_life": more.get("least_shelf_life", 0),
        "while_stock_lasts": more.get("while_stock_lasts", False),
        "substitutes": [
            {"matnr": item_by(tx, sku)["matnr"], "catalogue_no": sku, "reason": reason, "priority": place}
            for place, (sku, reason) in enumerate(more.get("substitutes", []), 1)
        ],
    }


def stock_view(tx: Tx, key: str) -> Row:
    """Stock of an item in a plant."""
    row = _one(
        tx,
        "SELECT s.*, s.on_hand - s.allocated AS available, i.catalogue_no FROM stock s JOIN item i USING (matnr) "
        "WHERE s.id = ?",
        key,
    )
    return {**row, "lots": lots_in(tx, row["matnr"], row["plant"])}


def price_view(tx: Tx, key: str) -> Row:
    """One rung of a price ladder."""
    return _one(
        tx,
        "SELECT p.*, i.catalogue_no, coalesce(c.portal_code, '') AS portal_code FROM price p JOIN item i USING (matnr) "
        "LEFT JOIN customer c ON c.code = p.customer WHERE p.id = ?",
        key,
    )


def customer_view(tx: Tx, key: str) -> Row:
    """A customer with its ship-to places."""
    row = _one(tx, "SELECT * FROM customer WHERE code = ?", key)
    return {**row, "ship_tos": tx.rows("SELECT * FROM ship_to WHERE customer = ? ORDER BY code", key)}


def order_change_view(tx: Tx, key: str) -> Row:
    """An order."""
    return order_view(tx, order_row(tx, key))


def shipment_view(tx: Tx, key: str) -> Row:
    """A delivery with its cartons, where it left and where it goes."""
    row = _one(tx, "SELECT * FROM delivery WHERE number = ?", key)
    order = order_row(tx, row["order_id"])
    lines = tx.rows(
        "SELECT l.posex, l.matnr, i.catalogue_no, i.upc, d.quantity, l.unit, d.carton, b.lot, "
        "b.expires_on FROM delivery_line d LEFT JOIN delivery_lot b ON b.delivery_line = d.rowid JOIN order_line l "
        "ON l.order_id = ? AND l.position = d.position JOIN item i ON i.matnr = l.matnr "
        "WHERE d.delivery = ? ORDER BY d.carton",
        row["order_id"], key,
    )  # fmt: skip
    return {
        **row,
        "reference": order["reference"],
        "ship_from": _one(tx, "SELECT * FROM plant WHERE code = ?", row["plant"]),
        "ship_to": _one(tx, "SELECT * FROM ship_to WHERE code = ?", order["ship_to"]),
        "lines": lines,
    }


def invoice_view(tx: Tx, key: str) -> Row:
    """An invoice or credit memo with its lines."""
    row = _one(tx, "SELECT * FROM invoice WHERE number = ?", key)
    order = order_row(tx, row["order_id"])
    lines = tx.rows(
        "SELECT l.posex, l.matnr, i.catalogue_no, i.upc, i.name, b.quantity, l.unit, b.price, b.amount "
        "FROM invoice_line b JOIN order_line l ON l.order_id = ? AND l.position = b.position "
        "JOIN item i ON i.matnr = l.matnr WHERE b.invoice = ? ORDER BY b.position",
        row["order_id"], key,
    )  # fmt: skip
    return {**row, "reference": order["reference"], "customer": order["customer"],
            "purchase_order": order["purchase_order"], "reason": order["reason"], "lines": lines}  # fmt: skip


VIEWS: dict[str, Callable[[Tx, str], Row]] = {
    "item": item_view,
    "stock": stock_view,
    "price": price_view,
    "customer": customer_view,
    "order": order_change_view,
    "shipment": shipment_view,
    "invoice": invoice_view,
}


def _one(tx: Tx, sql: str, key: str) -> Row:
    row = tx.row(sql, key)
    if row is None:
        raise NotFound(f"record {key}")
    return row
