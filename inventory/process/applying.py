"""Write one page of ERP changes: the newer as-of or version wins, an equal one is nothing new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from distportal.accounts.models import Account
from distportal.accounts.process import record_credit
from distportal.systems.erp.port import Change
from inventory.models import Item, Price, StockLevel, Warehouse
from inventory.process.reservations import end_seen
from inventory.queries.items import normalise_code

_ITEM_FIELDS = (
    "code_norm", "upc", "name", "description", "family",
    "base_unit", "pack_unit", "pack_size", "list_price", "currency",
    "status", "hazmat", "restricted_regions", "weight_lb", "as_of", "erp_version", "sku",
)  # fmt: skip
_STOCK_FIELDS = ("on_hand", "available", "supply_on", "supply_quantity", "as_of", "erp_version")
_PRICE_FIELDS = (
    "account", "item", "contract", "min_quantity", "unit_price",
    "currency", "valid_from", "valid_until", "as_of", "erp_version",
)  # fmt: skip


def apply_items(changes: Sequence[Change]) -> int:
    """How many items are new or newer."""
    known = dict(Item.objects.filter(erp_code__in=[c.erp_id for c in changes]).values_list("erp_code", "erp_version"))
    fresh = {c.erp_id: c for c in changes if c.version > known.get(c.erp_id, "")}
    Item.objects.bulk_create(
        [_item(c) for c in fresh.values()],
        update_conflicts=True,
        unique_fields=["erp_code"],
        update_fields=_ITEM_FIELDS,
    )
    return len(fresh)


def _item(change: Change) -> Item:
    data = change.payload
    return Item(
        erp_code=change.erp_id,
        sku=data["sku"],
        code_norm=normalise_code(data["sku"]),
        upc=data["upc"],
        name=data["name"][:160],
        description=data.get("description", ""),
        family=data["family"],
        base_unit=data["base_unit"],
        pack_unit=data["pack_unit"],
        pack_size=Decimal(data["pack_size"]),
        list_price=Decimal(data["list_price"]),
        currency=data["currency"],
        status=data["status"],
        hazmat=data["hazmat"],
        restricted_regions=list(data["restricted_regions"]),
        weight_lb=Decimal(data["weight_lb"]) if data.get("weight_lb") else None,
        as_of=change.occurred_at,
        erp_version=change.version,
    )


def unknown_skus(changes: Sequence[Change]) -> set[str]:
    """The SKUs that stock or price changes name and that we have no item for."""
    named = {c.payload["sku"] for c in changes if not c.deleted}
    return named - set(Item.objects.filter(sku__in=named).values_list("sku", flat=True))


def apply_stock(changes: Sequence[Change]) -> int:
    """How many stock rows are new or newer; reservations that the new figures include end with them."""
    items = {i.sku: i for i in Item.objects.filter(sku__in={c.payload["sku"] for c in changes})}
    places = _warehouses({c.payload["warehouse"] for c in changes})
    known = {
        (row.item_id, row.warehouse_id): row.as_of
        for row in StockLevel.objects.select_for_update().filter(item__in=items.values()).order_by("pk")
    }
    fresh: dict[tuple[int, int], StockLevel] = {}
    for change in changes:
        item = items.get(change.payload["sku"])
        if item is None:
            continue
        row = _stock(change, item, places[change.payload["warehouse"]])
        key = (row.item_id, row.warehouse_id)
        before = fresh[key].as_of if key in fresh else known.get(key)
        if before is None or row.as_of > before:
            fresh[key] = row
    StockLevel.objects.bulk_create(
        fresh.values(), update_conflicts=True, unique_fields=["item", "warehouse"], update_fields=_STOCK_FIELDS
    )
    end_seen(item_ids=[row.item_id for row in fresh.values()])
    return len(fresh)


def _warehouses(codes: set[str]) -> dict[str, Warehouse]:
    Warehouse.objects.bulk_create([Warehouse(code=c, name=c.title()) for c in codes], ignore_conflicts=True)
    return {w.code: w for w in Warehouse.objects.filter(code__in=codes)}


def _stock(change: Change, item: Item, warehouse: Warehouse) -> StockLevel:
    data: Mapping[str, Any] = change.payload
    return StockLevel(
        item=item,
        warehouse=warehouse,
        on_hand=Decimal(data["on_hand"]),
        available=Decimal(data["available"]),
        supply_on=dt.date.fromisoformat(data["supply_on"]) if data.get("supply_on") else None,
        supply_quantity=Decimal(data.get("supply_quantity") or 0),
        as_of=dt.datetime.fromisoformat(data["as_of"]),
        erp_version=change.version,
    )


def apply_prices(changes: Sequence[Change]) -> int:
    """How many rungs are new, newer or gone; rungs of items or accounts that we do not know are skipped."""
    gone = [c.erp_id for c in changes if c.deleted]
    Price.objects.filter(erp_id__in=gone).delete()
    live = {c.erp_id: c for c in changes if not c.deleted}
    known = dict(Price.objects.filter(erp_id__in=live).values_list("erp_id", "erp_version"))
    items = {i.sku: i for i in Item.objects.filter(sku__in={c.payload["sku"] for c in live.values()})}
    accounts = {a.code: a for a in Account.objects.filter(code__in={c.payload["account"] for c in live.values()})}
    rows = [
        _price(c, items[c.payload["sku"]], accounts.get(c.payload["account"]))
        for c in live.values()
        if c.version > known.get(c.erp_id, "")
        and c.payload["sku"] in items
        and (not c.payload["account"] or c.payload["account"] in accounts)
    ]
    Price.objects.bulk_create(rows, update_conflicts=True, unique_fields=["erp_id"], update_fields=_PRICE_FIELDS)
    return len(rows) + len(gone)


def _price(change: Change, item: Item, account: Account | None) -> Price:
    data = change.payload
    return Price(
        erp_id=change.erp_id,
        account=account,
        item=item,
        contract=data["contract"],
        min_quantity=Decimal(data["min_quantity"]),
        unit_price=Decimal(data["unit_price"]),
        currency=data["currency"],
        valid_from=dt.date.fromisoformat(data["valid_from"]),
        valid_until=dt.date.fromisoformat(data["valid_until"]) if data.get("valid_until") else None,
        as_of=change.occurred_at,
        erp_version=change.version,
    )


def apply_customers(changes: Sequence[Change]) -> int:
    """How many accounts got newer credit figures."""
    return sum(
        record_credit(
            account_code=c.payload["account"],
            erp_code=c.payload["erp_code"],
            blocked=c.payload["status"] == "blocked",
            credit_limit=Decimal(c.payload["credit_limit"]),
            credit_balance=Decimal(c.payload["credit_balance"]),
            as_of=c.occurred_at,
            erp_version=c.version,
        )
        for c in changes
    )
