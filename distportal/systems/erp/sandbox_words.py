"""The sandbox ERP's words and codes in the port's, and back. One place for every unit, plant and status."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from distportal.canonical.base import to_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.shipments import Shipment, ShipmentLine
from distportal.systems.erp.port import Change, ConfirmedLine, FeedKind, OrderDraft, OrderState, Stage
from distportal.systems.errors import Misconfigured

UNITS = {"EA": "ST", "CA": "KAR"}
PLANTS = {"RENO": "1000", "DAYTON": "2000", "NEWARK": "3000"}
CITIES = {"RENO": ("Reno", "NV"), "DAYTON": ("Dayton", "OH"), "NEWARK": ("Newark", "NJ")}
STAGES: dict[str, Stage] = {
    "draft": "draft", "confirmed": "accepted", "part_shipped": "in_fulfilment", "shipped": "in_fulfilment",
    "completed": "closed", "cancelled": "cancelled",
}  # fmt: skip
_UNIT_BACK = {v: k for k, v in UNITS.items()}
_PLANT_BACK = {v: k for k, v in PLANTS.items()}
_ITEM_STATUS = {"A": "active", "B": "blocked", "X": "discontinued"}


def erp_unit(unit: str) -> str:
    """The ERP's unit code. Raises Misconfigured for one that is not mapped."""
    if unit not in UNITS:
        raise Misconfigured("erp.unit_unmapped", f"unit {unit} has no ERP code")
    return UNITS[unit]


def order_body(draft: OrderDraft, materials: dict[str, str]) -> dict[str, Any]:
    """The request that creates the draft. Raises Misconfigured for an unmapped unit or warehouse."""
    lines = []
    for line in draft.lines:
        if line.warehouse and line.warehouse not in PLANTS:
            raise Misconfigured("erp.warehouse_unmapped", f"warehouse {line.warehouse} has no ERP plant")
        lines.append(
            {"line_key": line.line_key, "matnr": materials[line.sku], "qty": str(line.quantity),
             "unit": erp_unit(line.unit), "price": str(line.unit_price or 0), "plant": PLANTS.get(line.warehouse, "")}
        )  # fmt: skip
    return {
        "kind": "CR" if draft.kind == "credit_request" else "OR", "reference": draft.order_key,
        "content_hash": draft.content_hash, "customer": draft.customer, "ship_to": draft.ship_to,
        "customer_po": draft.customer_po, "currency": draft.currency, "invoice_ref": draft.invoice_number,
        "reason": draft.reason, "lines": lines,
    }  # fmt: skip


def order_state(row: dict[str, Any]) -> OrderState:
    """An ERP order in the port's words."""
    return OrderState(
        order_key=row["reference"],
        erp_id=row["vbeln"],
        number=row["vbeln"],
        stage=STAGES[row["status"]],
        as_of=dt.datetime.fromisoformat(row["as_of"]),
        total=Decimal(row["total"]),
        content_hash=row["content_hash"],
        lines=tuple(
            ConfirmedLine(
                line_key=line["line_key"],
                quantity=Decimal(line["confirmed"]),
                unit_price=Decimal(line["price"]),
                confirmed_on=dt.date.fromisoformat(line["confirmed_on"]) if line["confirmed_on"] else None,
                warehouse=_PLANT_BACK.get(line["plant"], ""),
            )
            for line in row["lines"]
        ),
        raw_state=row["status"],
        reason=row["reason"] or "",
    )


def change(kind: FeedKind, row: dict[str, Any]) -> Change:
    """One feed row in the port's words."""
    payload = _PAYLOADS[kind](row["data"])
    return Change(
        kind=kind,
        erp_id=row["erp_id"],
        version=row["version"],
        occurred_at=dt.datetime.fromisoformat(row["stamp"]),
        payload=payload,
    )


def _item(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "sku": data["catalogue_no"], "erp_code": data["matnr"], "name": data["name"], "description": "",
        "family": data["family"], "upc": data["upc"], "base_unit": "EA", "pack_unit": "CA",
        "pack_size": str(data["pack_size"]), "list_price": data["list_price"], "currency": "USD",
        "status": _ITEM_STATUS[data["status"]], "hazmat": bool(data["hazmat"]),
        "restricted_regions": [r for r in data["restricted"].split(",") if r], "weight_lb": data["weight_lb"],
    }  # fmt: skip


def _stock(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "sku": data["catalogue_no"], "warehouse": _PLANT_BACK[data["plant"]], "on_hand": str(data["on_hand"]),
        "available": str(max(data["on_hand"] - data["allocated"], 0)), "as_of": data["as_of"],
        "supply_on": data["receipt_on"] or None, "supply_quantity": str(data["receipt_qty"] or 0),
    }  # fmt: skip


def _price(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "sku": data["catalogue_no"], "account": data["portal_code"], "contract": data["contract"],
        "min_quantity": str(data["min_qty"]), "unit_price": data["price"], "currency": "USD",
        "valid_from": data["valid_from"], "valid_until": data["valid_to"],
    }  # fmt: skip


def _customer(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "account": data["portal_code"], "erp_code": data["customer"], "name": data["name"],
        "blocked": bool(data["blocked"]), "credit_limit": data["credit_limit"], "credit_balance": data["balance"],
    }  # fmt: skip


def _order(data: dict[str, Any]) -> dict[str, Any]:
    state: dict[str, Any] = to_json(order_state(data))
    return state


def _item_ids(line: dict[str, Any]) -> tuple[ItemId, ...]:
    return (ItemId(qualifier="sku", value=line["catalogue_no"]), ItemId(qualifier="upc", value=line["upc"]))


def _shipment(data: dict[str, Any]) -> dict[str, Any]:
    warehouse = _PLANT_BACK[data["plant"]]
    city, region = CITIES[warehouse]
    shipped_at = dt.datetime.fromisoformat(data["shipped_at"])
    shipment = Shipment(
        number=data["number"],
        order_key=data["order"]["reference"],
        shipped_at=shipped_at,
        ship_from=Address(code=warehouse, name=f"Northline {city}", city=city, region=region),
        ship_to=Address(code=data["order"]["ship_to"]),
        lines=tuple(
            ShipmentLine(
                order_line_no=line["line_key"],
                items=_item_ids(line),
                quantity=Decimal(line["qty"]),
                unit=_UNIT_BACK[line["unit"]],
                carton=line["carton"],
            )
            for line in data["lines"]
        ),
        carrier=data["carrier"],
        tracking_number=data["tracking"],
        bill_of_lading=data["bol"],
        cartons=data["cartons"],
        estimated_delivery_on=shipped_at.date() + dt.timedelta(days=3),
    )
    payload: dict[str, Any] = to_json(shipment)
    return payload


def _invoice(data: dict[str, Any]) -> dict[str, Any]:
    invoice = Invoice(
        kind=data["kind"],
        number=data["number"],
        order_key=data["reference"],
        issued_on=dt.date.fromisoformat(data["issued_on"]),
        due_on=dt.date.fromisoformat(data["due_on"]),
        lines=tuple(
            InvoiceLine(
                order_line_no=line["line_key"],
                items=_item_ids(line),
                quantity=Decimal(line["qty"]),
                unit=_UNIT_BACK[line["unit"]],
                unit_price=Decimal(line["price"]),
                amount=Decimal(line["amount"]),
                description=line["name"],
            )
            for line in data["lines"]
        ),
        total=Decimal(data["total"]),
        tax=Decimal(data["tax"]),
        currency=data["currency"],
        shipment_number=data["delivery"] or "",
        corrects=data["corrects"] or "",
        terms="net 30",
    )
    payload: dict[str, Any] = to_json(invoice)
    return payload


_PAYLOADS = {
    "item": _item, "stock": _stock, "price": _price, "customer": _customer, "order": _order, "shipment": _shipment,
    "invoice": _invoice,
}  # fmt: skip
