"""The sandbox ERP's records in the port's shapes and our codes (docs/erp-port.md lists them)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from distportal.canonical.base import plain, to_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.shipments import Shipment, ShipmentLine
from distportal.systems.erp.port import ConfirmedLine, OrderState
from distportal.systems.erp.sandbox_codes import SUBSTITUTES, our_stage, our_unit, our_warehouse

Record = dict[str, Any]


def order_state(data: Record) -> OrderState:
    """An order without its deleted lines. A line's quantity is the ordered one until the ERP confirmed it, then the
    confirmed one.
    """
    promised = data["type"] == "OR" and data["status"] != "DRAFT"
    return OrderState(
        order_key=data["reference"],
        erp_id=data["id"],
        number=data["number"],
        stage=our_stage(data["status"]),
        as_of=dt.datetime.fromisoformat(data["changed_at"]),
        total=Decimal(data["total"]),
        content_hash=data["content_hash"],
        lines=tuple(_confirmed(line, promised=promised) for line in data["lines"] if line["quantity"]),
        raw_state=data["status"],
        allocated_at=dt.datetime.fromisoformat(data["allocated_at"]) if data.get("allocated_at") else None,
        reason=data["status_reason"],
    )


def item(data: Record) -> Record:
    """An item; `sku` is the ERP's catalogue number."""
    return {
        "sku": data["catalogue_no"],
        "erp_code": data["matnr"],
        **{name: data[name] for name in ("name", "description", "family", "upc", "currency", "status", "hazmat")},
        "base_unit": our_unit(data["base_unit"]),
        "pack_unit": our_unit(data["pack_unit"]),
        "pack_size": _text(data["pack_size"]),
        "packs": [
            {**pack, "unit": our_unit(pack["unit"]), "size": _text(pack["size"])} for pack in data.get("packs") or ()
        ],
        "base_sold": data.get("base_sold", True),
        "min_quantity": _text(data.get("min_quantity") or 0),
        "order_multiple": _text(data.get("order_multiple") or 0),
        "last_order_on": data.get("last_order_on"),
        "while_stock_lasts": data.get("while_stock_lasts", False),
        "substitutes": [
            {"sku": one["catalogue_no"], "reason": SUBSTITUTES[one["reason"]], "priority": one["priority"]}
            for one in data.get("substitutes") or ()
        ],
        "hazard": data.get("hazard") or {},
        "least_shelf_life": data.get("least_shelf_life") or 0,
        "list_price": _text(data["list_price"]),
        "restricted_regions": data["restricted_regions"],
        "weight_lb": _text(data["weight_lb"]),
    }


def stock(data: Record) -> Record:
    """Stock of an item in a warehouse, in base units."""
    return {
        "sku": data["catalogue_no"],
        "warehouse": our_warehouse(data["plant"]),
        "on_hand": _text(data["on_hand"]),
        "available": _text(data["available"]),
        "as_of": data["as_of"],
        "supply_on": data["supply_on"],
        "supply_quantity": _text(data["supply_quantity"]),
        "lots": [{**lot, "quantity": _text(lot["quantity"])} for lot in data.get("lots") or ()],
    }


def price(data: Record) -> Record:
    """One rung of a ladder, per base unit; account "" is the list price."""
    return {
        "sku": data["catalogue_no"],
        "account": data["portal_code"],
        "contract": data["contract"],
        "min_quantity": _text(data["min_quantity"]),
        "unit_price": _text(data["unit_price"]),
        "currency": data["currency"],
        "valid_from": data["valid_from"],
        "valid_until": data["valid_until"],
    }


def customer(data: Record) -> Record:
    """A customer's terms."""
    return {
        "account": data["portal_code"],
        "erp_code": data["code"],
        "name": data["name"],
        "status": data["status"],
        "credit_limit": _text(data["credit_limit"]),
        "credit_balance": _text(data["credit_balance"]),
    }


def shipment(data: Record) -> Record:
    """A delivery as a canonical Shipment."""
    lines = tuple(
        ShipmentLine(order_line_no=line["posex"], items=_items(line), quantity=Decimal(line["quantity"]),
                     unit=our_unit(line["unit"]), carton=line["carton"], lot=line.get("lot") or "",
                     expires_on=dt.date.fromisoformat(line["expires_on"]) if line.get("expires_on") else None)
        for line in data["lines"]
    )  # fmt: skip
    made = Shipment(
        number=data["number"],
        order_key=data["reference"],
        shipped_at=dt.datetime.fromisoformat(data["shipped_at"]),
        ship_from=_address(data["ship_from"], our_warehouse(data["plant"])),
        ship_to=_address(data["ship_to"], data["ship_to"]["portal_code"]),
        lines=lines,
        carrier=data["carrier"],
        tracking_number=data["tracking"],
        cartons=data["cartons"],
        weight_lb=Decimal(data["weight_lb"]),
    )
    return dict(to_json(made))


def invoice(data: Record) -> Record:
    """A billing document as a canonical Invoice."""
    lines = tuple(
        InvoiceLine(order_line_no=line["posex"], items=_items(line), quantity=Decimal(line["quantity"]),
                    unit=our_unit(line["unit"]), unit_price=Decimal(line["price"]), amount=Decimal(line["amount"]),
                    description=line["name"])
        for line in data["lines"]
    )  # fmt: skip
    made = Invoice(
        kind=data["kind"],
        number=data["number"],
        order_key=data["reference"],
        issued_on=dt.date.fromisoformat(data["issued_on"]),
        due_on=dt.date.fromisoformat(data["due_on"]),
        lines=lines,
        total=Decimal(data["total"]),
        currency=data["currency"],
        shipment_number=data["delivery"],
        corrects=data["corrects"],
        terms=data["terms"],
    )
    return dict(to_json(made))


SHAPES: dict[str, Callable[[Record], Record]] = {
    "item": item,
    "stock": stock,
    "price": price,
    "customer": customer,
    "order": lambda data: dict(to_json(order_state(data))),
    "shipment": shipment,
    "invoice": invoice,
}


def _confirmed(line: Record, *, promised: bool) -> ConfirmedLine:
    on = line["confirmed_on"]
    return ConfirmedLine(
        line_key=line["posex"],
        quantity=Decimal(line["confirmed"] if promised else line["quantity"]),
        unit_price=Decimal(line["price"]),
        confirmed_on=dt.date.fromisoformat(on) if on else None,
        warehouse=our_warehouse(line["plant"]),
    )


def _items(line: Record) -> tuple[ItemId, ...]:
    return (ItemId(qualifier="sku", value=line["catalogue_no"]), ItemId(qualifier="upc", value=line["upc"]))


def _address(place: Record, code: str) -> Address:
    return Address(code=code, **{name: place[name] for name in ("name", "street", "city", "region", "postcode")})


def _text(number: object) -> str:
    return plain(Decimal(str(number)))
