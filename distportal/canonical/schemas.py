"""JSON Schema of the canonical objects, made from the dataclasses so that the two cannot differ."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from distportal.canonical.debits import DebitCredit
from distportal.canonical.inventory import InventoryEvent, PriceUpdate
from distportal.canonical.invoices import Invoice
from distportal.canonical.orders import Order, OrderChange
from distportal.canonical.remittances import Remittance
from distportal.canonical.returns import Return
from distportal.canonical.shipments import Shipment
from distportal.canonical.tracking import TrackingReport
from distportal.canonical.warehouse import StockTransfer, TransferReceipt, WarehouseOrder, WarehouseShipment

PUBLISHED: tuple[type, ...] = (
    Order,
    OrderChange,
    Shipment,
    Invoice,
    Remittance,
    DebitCredit,
    Return,
    InventoryEvent,
    PriceUpdate,
    TrackingReport,
    WarehouseOrder,
    WarehouseShipment,
    StockTransfer,
    TransferReceipt,
)

_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
}


def json_schema(cls: type) -> dict[str, Any]:
    """The draft 2020-12 schema of one published class; nested classes stand under `$defs`."""
    defs: dict[str, Any] = {}
    root = _object(cls, defs)
    defs.pop(cls.__name__, None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": cls.__name__, **root, "$defs": defs}


def _object(cls: type, defs: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    fields = dataclasses.fields(cls)
    required = [f.name for f in fields if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip(),
        "properties": {f.name: _of(hints[f.name], defs) for f in fields},
        "required": required,
        "additionalProperties": False,
    }


def _of(hint: Any, defs: dict[str, Any]) -> dict[str, Any]:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(a, defs) for a in args if a is not type(None)] + [{"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _of(args[0], defs)}
    if origin is Literal:
        return {"enum": list(args)}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in defs:
            defs[hint.__name__] = {}
            defs[hint.__name__] = _object(hint, defs)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return dict(_SCALARS[hint])
