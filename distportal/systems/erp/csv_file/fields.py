"""What a column may hold, for each kind of file: the names that a layout can use, and their types."""

from __future__ import annotations

from typing import Literal

Type = Literal["text", "decimal", "date", "time", "count", "flag", "list"]
Fields = dict[str, Type]

_PARTY: Fields = {"customer": "text", "ship_to": "text"}
_LINE: Fields = {"line_key": "text", "sku": "text", "quantity": "decimal", "unit": "text"}

FIELDS: dict[str, Fields] = {
    "order": {
        **_PARTY, **_LINE, "action": "text", "line_action": "text", "order_key": "text",
        "customer_po": "text", "currency": "text",
        "written_at": "time", "requested_on": "date", "note": "text", "unit_price": "decimal", "amount": "decimal",
        "warehouse": "text", "line_count": "count", "content_hash": "text", "ship_complete": "text",
        "with_rest": "text",
    },
    "confirmation": {
        **_LINE, "order_key": "text", "number": "text", "unit_price": "decimal", "confirmed_on": "date",
        "warehouse": "text", "status": "text", "reason": "text",
    },
    "shipment": {
        **_LINE, "number": "text", "order_key": "text", "shipped_at": "time", "warehouse": "text", "ship_to": "text",
        "carrier": "text", "tracking_number": "text", "bill_of_lading": "text", "cartons": "count",
        "weight_lb": "decimal", "carton": "count", "lot": "text", "expires_on": "date",
        "description": "text",
    },
    "invoice": {
        **_LINE, "number": "text", "order_key": "text", "kind": "text", "issued_on": "date", "due_on": "date",
        "total": "decimal", "tax": "decimal", "freight": "decimal", "currency": "text", "shipment_number": "text",
        "corrects": "text", "terms": "text", "unit_price": "decimal", "amount": "decimal", "description": "text",
    },
    "stock": {
        "sku": "text", "warehouse": "text", "on_hand": "decimal", "available": "decimal", "as_of": "time",
        "supply_on": "date", "supply_quantity": "decimal", "lots": "list",
    },
    "price": {
        "sku": "text", "customer": "text", "contract": "text", "min_quantity": "decimal", "unit_price": "decimal",
        "currency": "text", "valid_from": "date", "valid_until": "date",
    },
    "item": {
        "sku": "text", "erp_code": "text", "name": "text", "description": "text", "family": "text", "upc": "text",
        "base_unit": "text", "pack_unit": "text", "pack_size": "decimal", "list_price": "decimal", "currency": "text",
        "status": "text", "hazmat": "flag", "restricted_regions": "list", "weight_lb": "decimal",
        "un_number": "text", "hazard_name": "text", "hazard_class": "text", "packing_group": "text",
        "limited_quantity": "flag", "least_shelf_life": "count",
        "pack_barcode": "text", "inner_unit": "text", "inner_size": "decimal", "inner_barcode": "text",
        "pallet_unit": "text", "pallet_size": "decimal", "pallet_barcode": "text", "sales_unit": "text",
        "min_quantity": "decimal", "order_multiple": "decimal", "last_order_on": "date", "while_stock_lasts": "flag",
        "replaced_by": "text", "equivalent": "text",
    },
    "customer": {
        "customer": "text", "erp_code": "text", "name": "text", "status": "text", "credit_limit": "decimal",
        "credit_balance": "decimal", "least_shelf_life": "count",
    },
}  # fmt: skip

# Without these a row says nothing.
NEEDED: dict[str, frozenset[str]] = {
    "order": frozenset({"order_key", "line_key", "sku", "quantity"}),
    "confirmation": frozenset({"order_key"}),
    "shipment": frozenset({"number", "order_key", "line_key", "quantity", "shipped_at"}),
    "invoice": frozenset({"number", "order_key", "issued_on", "line_key", "quantity"}),
    "stock": frozenset({"sku", "warehouse", "on_hand"}),
    "price": frozenset({"sku", "unit_price"}),
    "item": frozenset({"sku", "name", "base_unit"}),
    "customer": frozenset({"customer", "name"}),
}

# Which table of codes translates a field.
CODES: dict[str, str] = {
    "customer": "customers", "ship_to": "ship_tos", "warehouse": "warehouses", "sku": "items", "equivalent": "items",
    "replaced_by": "items",
    "unit": "units", "base_unit": "units", "pack_unit": "units", "inner_unit": "units", "pallet_unit": "units",
    "sales_unit": "units",
}  # fmt: skip
