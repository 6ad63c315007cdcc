"""The data dictionary: each field of each canonical object with form, version and the system whose word counts.

Made from the classes, so that the two cannot differ; who owns an object is said here once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from distportal.canonical.schemas import PUBLISHED

OWNERS: dict[str, str] = {
    "Order": "buyer: what was asked is kept as it came; what became of it is the ERP's",
    "OrderChange": "buyer",
    "Shipment": "ERP",
    "Invoice": "ERP",
    "Remittance": "buyer: what was paid; what it settles is the ERP's",
    "DebitCredit": "its sender, named in the object",
    "Return": "buyer: what is asked back; the RMA number is the portal's, the credit the ERP's",
    "InventoryEvent": "ERP of the warehouse",
    "PriceUpdate": "ERP of the account",
    "TrackingReport": "carrier",
    "WarehouseOrder": "portal",
    "WarehouseShipment": "warehouse, until the ERP has booked it",
    "StockTransfer": "portal",
    "TransferReceipt": "warehouse",
}
FIELD_OWNERS: dict[tuple[str, str], str] = {
    ("Order", "account"): "portal, from the code mappings",
    ("OrderChange", "account"): "portal, from the code mappings",
    ("Order", "part"): "portal",
    ("Order", "channel"): "portal",
    ("OrderChange", "channel"): "portal",
    ("Return", "number"): "portal",
}
_WORDS: dict[Any, str] = {
    str: "text", int: "whole number", bool: "yes or no", Decimal: "decimal as text", dt.date: "date",
    dt.datetime: "moment with zone",
}  # fmt: skip


def data_dictionary() -> str:
    """The page in Markdown. Raises KeyError for a published class of which nobody says whose it is."""
    parts: dict[str, type] = {}
    pages = [line for cls in PUBLISHED for line in _of_object(cls, parts)]
    for name in sorted(parts):
        pages += [f"### {name}", "", *_table(parts[name], ""), ""]
    return "\n".join([*_HEAD, *pages]).rstrip() + "\n"


_HEAD = (
    "# Data dictionary",
    "",
    "Made from the code by `manage.py data_dictionary`; do not edit. *Whose* is the system whose word counts where two",
    "differ. A version changes when a reader of the old one could not read the new one; new optional fields do not",
    "change it. JSON Schemas are in `schemas/`, what others call our codes in [code-mappings.md](code-mappings.md).",
    "",
)


def _of_object(cls: type, parts: dict[str, type]) -> Iterator[str]:
    version = next(f.default for f in dataclasses.fields(cls) if f.name == "version")
    yield from (f"## {cls.__name__}", "", _said(cls), "", f"Version `{version}`. Whose: {OWNERS[cls.__name__]}.", "")
    yield from _table(cls, OWNERS[cls.__name__].partition(":")[0])
    yield ""
    _gather(cls, parts)


def _gather(cls: type, parts: dict[str, type]) -> None:
    """The classes that the fields of a class are made of, down to the last."""
    for hint in get_type_hints(cls).values():
        for inner in (hint, *get_args(hint)):
            if isinstance(inner, type) and dataclasses.is_dataclass(inner) and inner.__name__ not in parts:
                parts[inner.__name__] = inner
                _gather(inner, parts)


def _table(cls: type, owner: str) -> list[str]:
    hints = get_type_hints(cls)
    lines = ["| Field | Form | Must be there | Whose |", "|---|---|---|---|"]
    for field in dataclasses.fields(cls):
        must = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        whose = FIELD_OWNERS.get((cls.__name__, field.name), owner or "as what it is part of")
        lines.append(f"| `{field.name}` | {_form(hints[field.name])} | {'yes' if must else ''} | {whose} |")
    return lines


def _form(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(_form(one) for one in args if one is not type(None)) + ", or nothing"
    if origin is tuple:
        return f"list of {_form(args[0])}"
    if origin is Literal:
        return "one of " + ", ".join(f"`{one}`" if one else "nothing" for one in args)
    return _WORDS[hint] if hint in _WORDS else f"[{hint.__name__}](#{hint.__name__.lower()})"


def _said(cls: type) -> str:
    return " ".join((cls.__doc__ or "").split())
