"""Rows of fields as facts. Rows of one document belong together: one bad row sets the whole document aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from distportal.canonical.base import plain, to_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, Charge, ItemId
from distportal.canonical.shipments import Shipment, ShipmentLine
from distportal.systems.erp.csv_file.goods import hazard, lots
from distportal.systems.erp.files.facts import Confirmation, Record, ToldLine
from distportal.systems.erp.port import Stage

Row = dict[str, Any]
FREIGHT = "D240"  # X12 element 1300


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader knows besides the rows."""

    arrived_at: dt.datetime
    currency: str
    net_days: int
    statuses: dict[str, Stage]


def confirmation(rows: Sequence[Row], reading: Reading) -> Confirmation:
    """What was said to one order. Raises ValueError for a status that nobody mapped."""
    first = rows[0]
    word = next((row["status"] for row in rows if row.get("status")), "")
    stages = {_stage(row.get("status", ""), reading) for row in rows}
    # Only what is said of every line is said of the order.
    stage: Stage = stages.pop() if len(stages) == 1 else "accepted"
    lines = tuple(_confirmed(row, _stage(row.get("status", ""), reading)) for row in rows if row.get("line_key"))
    return Confirmation(
        order_key=first["order_key"],
        number=first.get("number", ""),
        stage=stage,
        lines=lines,
        raw_state=word,
        reason=next((row["reason"] for row in rows if row.get("reason")), ""),
    )


def _stage(word: str, reading: Reading) -> Stage:
    if not word or word in reading.statuses:
        return reading.statuses.get(word, "accepted")
    raise ValueError(f"status {word!r} is not mapped: add it to statuses")


def _confirmed(row: Row, stage: Stage) -> ToldLine:
    return ToldLine(
        line_key=row["line_key"],
        quantity=Decimal(0) if stage in ("rejected", "cancelled") else row.get("quantity"),
        unit_price=row.get("unit_price"),
        confirmed_on=row.get("confirmed_on"),
        warehouse=row.get("warehouse") or None,
    )


def shipment(rows: Sequence[Row], reading: Reading) -> Record:
    """One departure."""
    first = rows[0]
    lines = tuple(
        ShipmentLine(order_line_no=row["line_key"], items=_items(row), quantity=row["quantity"],
                     unit=row.get("unit") or "EA", carton=row.get("carton") or 1, lot=row.get("lot", ""),
                     expires_on=row.get("expires_on"),
                     description=row.get("description", ""))
        for row in rows
    )  # fmt: skip
    made = Shipment(
        number=first["number"],
        order_key=first["order_key"],
        shipped_at=first["shipped_at"],
        ship_from=Address(code=first.get("warehouse", "")),
        ship_to=Address(code=first.get("ship_to", "")),
        lines=lines,
        carrier=first.get("carrier", ""),
        tracking_number=first.get("tracking_number", ""),
        bill_of_lading=first.get("bill_of_lading", ""),
        cartons=first.get("cartons") or max(line.carton for line in lines),
        weight_lb=first.get("weight_lb"),
    )
    return Record(kind="shipment", erp_id=made.number, payload=to_json(made), order_key=made.order_key)


def invoice(rows: Sequence[Row], reading: Reading) -> Record:
    """One bill. Raises ValueError where a stated total is not what its lines, freight and tax come to."""
    first = rows[0]
    lines = tuple(_billed(row) for row in rows)
    tax, freight = first.get("tax") or Decimal(0), first.get("freight") or Decimal(0)
    come_to = sum((line.amount for line in lines), Decimal(0)) + tax + freight
    total = first.get("total")
    if total is not None and total != come_to:
        raise ValueError(f"the total {plain(total)} is not {plain(come_to)}, the sum of lines, freight and tax")
    issued = first["issued_on"]
    made = Invoice(
        kind=_kind(first.get("kind") or "invoice"),
        number=first["number"],
        order_key=first["order_key"],
        issued_on=issued,
        due_on=first.get("due_on") or issued + dt.timedelta(days=reading.net_days),
        lines=lines,
        total=come_to,
        tax=tax,
        charges=(Charge(code=FREIGHT, amount=freight, description="freight"),) if freight else (),
        currency=first.get("currency") or reading.currency,
        shipment_number=first.get("shipment_number", ""),
        corrects=first.get("corrects", ""),
        terms=first.get("terms", ""),
    )
    return Record(kind="invoice", erp_id=made.number, payload=to_json(made), order_key=made.order_key)


def _kind(word: str) -> Literal["invoice", "credit_memo"]:
    if word == "invoice":
        return "invoice"
    if word == "credit_memo":
        return "credit_memo"
    raise ValueError(f"kind {word!r} is neither invoice nor credit_memo: translate it in the column's values")


def _billed(row: Row) -> InvoiceLine:
    price, amount, quantity = row.get("unit_price"), row.get("amount"), row["quantity"]
    if price is None and amount is None:
        raise ValueError(f"line {row['line_key']} has neither unit_price nor amount")
    if price is None:
        price = amount / quantity if quantity else Decimal(0)
    return InvoiceLine(
        order_line_no=row["line_key"], items=_items(row), quantity=quantity, unit=row.get("unit") or "EA",
        unit_price=price, amount=price * quantity if amount is None else amount,
        description=row.get("description", ""),
    )  # fmt: skip


def stock(row: Row, reading: Reading) -> Record:
    """Stock of an item in a warehouse; `as_of` is when the file was written, where no column says it."""
    as_of: dt.datetime = row.get("as_of") or reading.arrived_at
    available = row["on_hand"] if row.get("available") is None else row["available"]
    payload = {
        "sku": row["sku"], "warehouse": row["warehouse"], "on_hand": plain(row["on_hand"]),
        "available": plain(available), "as_of": as_of.isoformat(), "supply_on": to_json(row.get("supply_on")),
        "supply_quantity": plain(row.get("supply_quantity") or Decimal(0)),
        **({"lots": lots(row["lots"])} if row.get("lots") else {}),
    }  # fmt: skip
    return Record(kind="stock", erp_id=f"{row['sku']}/{row['warehouse']}", payload=payload, said_at=as_of)


def price(row: Row, reading: Reading) -> Record:
    """One rung of a ladder; without a customer it is the list price."""
    least = row.get("min_quantity") or Decimal(1)
    payload = {
        "sku": row["sku"], "account": row.get("customer", ""), "contract": row.get("contract", ""),
        "min_quantity": plain(least), "unit_price": plain(row["unit_price"]),
        "currency": row.get("currency") or reading.currency, "valid_from": to_json(row.get("valid_from")),
        "valid_until": to_json(row.get("valid_until")),
    }  # fmt: skip
    parts = (payload["account"], row["sku"], payload["contract"], plain(least), payload["valid_from"] or "")
    return Record(kind="price", erp_id="/".join(parts), payload=payload)


def item(row: Row, reading: Reading) -> Record:
    """An item; its ERP code is its SKU where no column says otherwise."""
    code = row.get("erp_code") or row["sku"]
    status = row.get("status") or "active"
    if status not in ("active", "discontinued", "blocked"):
        raise ValueError(f"status {status!r}: translate it into active, discontinued or blocked in the column's values")
    payload = {
        "sku": row["sku"], "erp_code": code, "name": row["name"], "description": row.get("description", ""),
        "family": row.get("family", ""), "upc": row.get("upc", ""), "base_unit": row["base_unit"],
        "pack_unit": row.get("pack_unit") or row["base_unit"], "pack_size": plain(row.get("pack_size") or Decimal(1)),
        "list_price": plain(row.get("list_price") or Decimal(0)), "currency": row.get("currency") or reading.currency,
        "status": status, "hazmat": bool(row.get("hazmat") or row.get("un_number")),
        "restricted_regions": row.get("restricted_regions") or [],
        "weight_lb": None if row.get("weight_lb") is None else plain(row["weight_lb"]),
        "hazard": hazard(row), "least_shelf_life": row.get("least_shelf_life") or 0,
        "packs": _packs(row), "base_sold": row.get("sales_unit") in (None, "", row["base_unit"]),
        "min_quantity": plain(row.get("min_quantity") or Decimal(0)),
        "order_multiple": plain(row.get("order_multiple") or Decimal(0)),
        "last_order_on": to_json(row.get("last_order_on")), "while_stock_lasts": bool(row.get("while_stock_lasts")),
        "substitutes": [
            {"sku": row[reason], "reason": reason} for reason in ("replaced_by", "equivalent") if row.get(reason)
        ],
    }  # fmt: skip
    return Record(kind="item", erp_id=code, payload=payload)


def _packs(row: Row) -> list[dict[str, Any]]:
    """The levels above the base unit; with a `sales_unit` only that one is sold."""
    sales = row.get("sales_unit")
    return [
        {
            "unit": row[f"{level}_unit"], "size": plain(row[f"{level}_size"]),
            "barcode": row.get(f"{level}_barcode") or "", "sold": sales in (None, "", row[f"{level}_unit"]),
        }
        for level in ("inner", "pack", "pallet")
        if row.get(f"{level}_unit") not in (None, "", row["base_unit"]) and row.get(f"{level}_size")
    ]  # fmt: skip


def customer(row: Row, reading: Reading) -> Record:
    """A customer's terms."""
    status = row.get("status") or "active"
    if status not in ("active", "blocked"):
        raise ValueError(f"status {status!r}: translate it into active or blocked in the column's values")
    payload = {
        "account": row["customer"], "erp_code": row.get("erp_code") or row["customer"], "name": row["name"],
        "status": status, "credit_limit": plain(row.get("credit_limit") or Decimal(0)),
        "credit_balance": plain(row.get("credit_balance") or Decimal(0)),
        "least_shelf_life": row.get("least_shelf_life"),
    }  # fmt: skip
    return Record(kind="customer", erp_id=payload["erp_code"], payload=payload)


SINGLE: dict[str, Callable[[Row, Reading], Record]] = {
    "stock": stock, "price": price, "item": item, "customer": customer,
}  # fmt: skip
GROUPED: dict[str, tuple[str, Callable[[Sequence[Row], Reading], Record]]] = {
    "shipment": ("number", shipment), "invoice": ("number", invoice),
}  # fmt: skip


def _items(row: Row) -> tuple[ItemId, ...]:
    return (ItemId(qualifier="sku", value=row["sku"]),) if row.get("sku") else ()
