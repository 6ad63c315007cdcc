"""Sales orders and credit requests: draft, confirm, cancel."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from distportal.systems.erp.sandbox_server.database import Database

EACH, CASE = "ST", "KAR"


class Refused(Exception):
    """The ERP says no: `code` is the ERP's word, `status` the HTTP status."""

    def __init__(self, code: str, detail: str, status: int = 422) -> None:
        super().__init__(detail)
        self.code, self.detail, self.status = code, detail, status


class Sales:
    """The order desk of the ERP. A reference is not unique unless `enforce_reference` is on, as in most ERPs."""

    def __init__(self, db: Database, *, enforce_reference: bool = False) -> None:
        self.db = db
        self.enforce_reference = enforce_reference

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """A new draft order or credit request. Raises Refused."""
        with self.db.transaction():
            if self.enforce_reference and self.find(body["reference"]):
                raise Refused("REFERENCE_EXISTS", "an order with this reference exists", 409)
            customer = self.db.one("SELECT * FROM customer WHERE customer = ?", body["customer"])
            if customer is None:
                raise Refused("CUSTOMER_UNKNOWN", f"customer {body['customer']} does not exist")
            if customer["blocked"] and body["kind"] == "OR":
                raise Refused("CUSTOMER_BLOCKED", f"customer {body['customer']} is blocked for orders")
            if body["kind"] == "CR" and not self.db.one("SELECT 1 FROM billing WHERE number = ?", body["invoice_ref"]):
                raise Refused("INVOICE_UNKNOWN", f"invoice {body['invoice_ref']} does not exist")
            vbeln, stamp = self.db.next_number("order"), self.db.now().isoformat()
            self.db.insert(
                "sales_order",
                {
                    "vbeln": vbeln, "kind": body["kind"], "reference": body["reference"],
                    "content_hash": body.get("content_hash", ""), "customer": body["customer"],
                    "ship_to": body.get("ship_to", ""), "customer_po": body.get("customer_po", ""),
                    "currency": body.get("currency", "USD"), "status": "draft", "total": self._add_lines(vbeln, body),
                    "invoice_ref": body.get("invoice_ref", ""), "reason": body.get("reason", ""),
                    "created_at": stamp, "changed_at": stamp,
                },
            )  # fmt: skip
            self.db.log_change("order", vbeln)
            return self.read(vbeln)

    def _add_lines(self, vbeln: str, body: dict[str, Any]) -> str:
        if not body.get("lines"):
            raise Refused("NO_LINES", "an order needs a line")
        total = Decimal(0)
        for line in body["lines"]:
            item = self.db.one("SELECT * FROM item WHERE matnr = ?", line["matnr"])
            if item is None:
                raise Refused("MATERIAL_UNKNOWN", f"material {line['matnr']} does not exist")
            if item["status"] != "A" and body["kind"] == "OR":
                raise Refused("MATERIAL_BLOCKED", f"material {line['matnr']} is not for sale")
            quantity, price = Decimal(line["qty"]), Decimal(line["price"])
            if quantity <= 0 or line["unit"] not in (EACH, CASE):
                raise Refused("LINE_INVALID", f"line {line['line_key']} has a wrong quantity or unit")
            total += (quantity * price).quantize(Decimal("0.01"))
            self.db.insert(
                "order_line",
                {"vbeln": vbeln, "line_key": line["line_key"], "matnr": line["matnr"], "qty": str(quantity),
                 "unit": line["unit"], "price": str(price), "plant": line.get("plant", "")},
            )  # fmt: skip
        return str(total)

    def confirm(self, vbeln: str) -> dict[str, Any]:
        """The order is binding: stock is allocated, what is short is confirmed for the next receipt. Raises Refused."""
        with self.db.transaction():
            order = self.read(vbeln)
            if order["status"] != "draft":
                raise Refused("WRONG_STATUS", f"order {vbeln} is {order['status']}", 409)
            if order["kind"] == "OR":
                for line in order["lines"]:
                    self._allocate(vbeln, line)
            self._set_status(vbeln, "confirmed")
            return self.read(vbeln)

    def _allocate(self, vbeln: str, line: dict[str, Any]) -> None:
        per_unit = self.pieces(line["matnr"], line["unit"])
        stock = self.db.one("SELECT * FROM stock WHERE matnr = ? AND plant = ?", line["matnr"], line["plant"])
        if stock is None:
            raise Refused("PLANT_UNKNOWN", f"plant {line['plant']} does not stock {line['matnr']}")
        wanted = int(Decimal(line["qty"]) * per_unit)
        free = max(stock["on_hand"] - stock["allocated"], 0)
        units = min(wanted, free) // per_unit
        when = self.db.now().date() + dt.timedelta(days=2)
        self.db.run(
            "UPDATE stock SET allocated = allocated + ? WHERE matnr = ? AND plant = ?",
            units * per_unit, line["matnr"], line["plant"],
        )  # fmt: skip
        self.db.run(
            "UPDATE order_line SET confirmed = ?, confirmed_on = ? WHERE vbeln = ? AND line_key = ?",
            str(units), when.isoformat() if units else stock["receipt_on"], vbeln, line["line_key"],
        )  # fmt: skip
        self.db.log_change("stock", f"{line['matnr']}/{line['plant']}")

    def cancel(self, vbeln: str, reason: str) -> dict[str, Any]:
        """The order is cancelled, its stock free again. Raises Refused once something was shipped."""
        with self.db.transaction():
            order = self.read(vbeln)
            if order["status"] not in ("draft", "confirmed"):
                raise Refused("WRONG_STATUS", f"order {vbeln} is {order['status']}", 409)
            for line in order["lines"]:
                if order["status"] == "confirmed" and order["kind"] == "OR":
                    freed = int(Decimal(line["confirmed"])) * self.pieces(line["matnr"], line["unit"])
                    self.db.run(
                        "UPDATE stock SET allocated = allocated - ? WHERE matnr = ? AND plant = ?",
                        freed, line["matnr"], line["plant"],
                    )  # fmt: skip
                    self.db.log_change("stock", f"{line['matnr']}/{line['plant']}")
            self.db.run("UPDATE sales_order SET reason = ? WHERE vbeln = ?", reason, vbeln)
            self._set_status(vbeln, "cancelled")
            return self.read(vbeln)

    def read(self, vbeln: str) -> dict[str, Any]:
        """The order with its lines as they stand. Raises Refused for an unknown number."""
        order = self.db.one("SELECT * FROM sales_order WHERE vbeln = ?", vbeln)
        if order is None:
            raise Refused("ORDER_UNKNOWN", f"order {vbeln} does not exist", 404)
        order["lines"] = self.db.all("SELECT * FROM order_line WHERE vbeln = ? ORDER BY rowid", vbeln)
        order["as_of"] = self.db.now().isoformat()
        return order

    def find(self, reference: str) -> list[dict[str, Any]]:
        """All orders with the reference."""
        rows = self.db.all("SELECT vbeln FROM sales_order WHERE reference = ? ORDER BY vbeln", reference)
        return [self.read(row["vbeln"]) for row in rows]

    def pieces(self, matnr: str, unit: str) -> int:
        """How many pieces one unit of the material holds."""
        if unit == EACH:
            return 1
        row = self.db.one("SELECT pack_size FROM item WHERE matnr = ?", matnr)
        assert row is not None
        return int(row["pack_size"])

    def _set_status(self, vbeln: str, status: str) -> None:
        stamp = self.db.now().isoformat()
        self.db.run("UPDATE sales_order SET status = ?, changed_at = ? WHERE vbeln = ?", status, stamp, vbeln)
        self.db.log_change("order", vbeln)
