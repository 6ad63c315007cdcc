"""Merge many of the ERP's figures in one statement: the newer wins, an older never overwrites, an equal is nothing new.

Rows are changed in the order of their keys, as reservations lock them, so that none waits for the other in a ring.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from inventory.process.staging import Row, staged

_STOCK = """
INSERT INTO inventory_stocklevel
       (created_at, updated_at, item_id, warehouse_id, erp, on_hand, available, supply_on, supply_quantity, supplies,
        lots, as_of, erp_version)
SELECT DISTINCT ON (i.id, w.id) now(), now(), i.id, w.id, s.erp, s.on_hand, s.available, s.supply_on, s.supply_quantity,
       s.supplies, s.lots, s.as_of, s.version
  FROM {source} s
  JOIN inventory_item i ON i.sku = s.sku
  JOIN inventory_warehouse w ON w.code = s.warehouse
  LEFT JOIN inventory_stocklevel known ON known.item_id = i.id AND known.warehouse_id = w.id
 WHERE known.id IS NULL OR s.as_of > known.as_of OR s.erp <> known.erp
 ORDER BY i.id, w.id, s.as_of DESC
    ON CONFLICT (item_id, warehouse_id) DO UPDATE
   SET updated_at = EXCLUDED.updated_at, erp = EXCLUDED.erp, on_hand = EXCLUDED.on_hand,
       available = EXCLUDED.available, supply_on = EXCLUDED.supply_on, supply_quantity = EXCLUDED.supply_quantity,
       supplies = EXCLUDED.supplies, lots = EXCLUDED.lots, as_of = EXCLUDED.as_of, erp_version = EXCLUDED.erp_version
 WHERE inventory_stocklevel.as_of < EXCLUDED.as_of OR inventory_stocklevel.erp <> EXCLUDED.erp
RETURNING as_of
"""
_WAREHOUSES = """
INSERT INTO inventory_warehouse (code, name, city, region, active)
SELECT DISTINCT s.warehouse, initcap(s.warehouse), '', '', true
  FROM {source} s
 WHERE NOT EXISTS (SELECT FROM inventory_warehouse w WHERE w.code = s.warehouse)
    ON CONFLICT DO NOTHING
"""
_PRICES = """
INSERT INTO inventory_price
       (created_at, updated_at, erp, erp_id, account_id, price_group, item_id, contract, min_quantity, unit_price,
        currency, valid_from, valid_until, withdrawn, as_of, erp_version)
SELECT DISTINCT ON (s.erp_id COLLATE "C") now(), now(), s.erp, s.erp_id,
       CASE WHEN s.withdrawn THEN known.account_id ELSE a.id END,
       COALESCE(s.price_group, known.price_group), COALESCE(i.id, known.item_id), COALESCE(s.contract, known.contract),
       COALESCE(s.min_quantity, known.min_quantity), COALESCE(s.unit_price, known.unit_price),
       COALESCE(s.currency, known.currency), COALESCE(s.valid_from, known.valid_from),
       COALESCE(s.valid_until, known.valid_until), s.withdrawn, s.as_of, s.version
  FROM {source} s
  LEFT JOIN inventory_item i ON i.sku = s.sku
  LEFT JOIN accounts_account a ON a.code = s.account
  LEFT JOIN inventory_price known ON known.erp = s.erp AND known.erp_id = s.erp_id
 WHERE (known.id IS NULL OR s.version COLLATE "C" > known.erp_version COLLATE "C")
   AND CASE WHEN s.withdrawn THEN NOT known.withdrawn
            ELSE i.id IS NOT NULL AND (s.account = '' OR a.id IS NOT NULL) END
 ORDER BY s.erp_id COLLATE "C", s.version COLLATE "C" DESC
    ON CONFLICT (erp, erp_id) DO UPDATE
   SET updated_at = EXCLUDED.updated_at, account_id = EXCLUDED.account_id, price_group = EXCLUDED.price_group,
       item_id = EXCLUDED.item_id, contract = EXCLUDED.contract, min_quantity = EXCLUDED.min_quantity,
       unit_price = EXCLUDED.unit_price, currency = EXCLUDED.currency, valid_from = EXCLUDED.valid_from,
       valid_until = EXCLUDED.valid_until, withdrawn = EXCLUDED.withdrawn, as_of = EXCLUDED.as_of,
       erp_version = EXCLUDED.erp_version
 WHERE inventory_price.erp_version COLLATE "C" < EXCLUDED.erp_version COLLATE "C"
RETURNING as_of
"""
_ITEMS = """
INSERT INTO inventory_item
       (created_at, updated_at, erp, erp_code, sku, code_norm, upc, name, description, family, base_unit, pack_unit,
        pack_size, packs, barcodes, base_sold, min_quantity, order_multiple, list_price, currency, status,
        last_order_on, while_stock_lasts, substitutes, hazmat, hazard, least_shelf_life, restricted_regions, weight_lb,
        as_of, erp_version)
SELECT DISTINCT ON (s.erp_code COLLATE "C") now(), now(), s.erp, s.erp_code, s.sku, s.code_norm, s.upc, s.name,
       s.description, s.family, s.base_unit, s.pack_unit, s.pack_size, s.packs,
       ARRAY(SELECT jsonb_array_elements_text(s.barcodes)), s.base_sold, s.min_quantity, s.order_multiple,
       s.list_price, s.currency, s.status, s.last_order_on, s.while_stock_lasts, s.substitutes, s.hazmat, s.hazard,
       s.least_shelf_life, ARRAY(SELECT jsonb_array_elements_text(s.restricted_regions)), s.weight_lb, s.as_of,
       s.version
  FROM {source} s
  LEFT JOIN inventory_item known ON known.erp = s.erp AND known.erp_code = s.erp_code
 WHERE known.id IS NULL OR s.version COLLATE "C" > known.erp_version COLLATE "C"
 ORDER BY s.erp_code COLLATE "C", s.version COLLATE "C" DESC
    ON CONFLICT (erp, erp_code) DO UPDATE
   SET updated_at = EXCLUDED.updated_at, sku = EXCLUDED.sku, code_norm = EXCLUDED.code_norm, upc = EXCLUDED.upc,
       name = EXCLUDED.name, description = EXCLUDED.description, family = EXCLUDED.family,
       base_unit = EXCLUDED.base_unit, pack_unit = EXCLUDED.pack_unit, pack_size = EXCLUDED.pack_size,
       packs = EXCLUDED.packs, barcodes = EXCLUDED.barcodes, base_sold = EXCLUDED.base_sold,
       min_quantity = EXCLUDED.min_quantity, order_multiple = EXCLUDED.order_multiple,
       list_price = EXCLUDED.list_price, currency = EXCLUDED.currency, status = EXCLUDED.status,
       last_order_on = EXCLUDED.last_order_on, while_stock_lasts = EXCLUDED.while_stock_lasts,
       substitutes = EXCLUDED.substitutes,
       hazmat = EXCLUDED.hazmat, hazard = EXCLUDED.hazard, least_shelf_life = EXCLUDED.least_shelf_life,
       restricted_regions = EXCLUDED.restricted_regions, weight_lb = EXCLUDED.weight_lb,
       as_of = EXCLUDED.as_of, erp_version = EXCLUDED.erp_version
 WHERE inventory_item.erp_version COLLATE "C" < EXCLUDED.erp_version COLLATE "C"
RETURNING as_of
"""
_RENUMBERED = """
UPDATE inventory_item i SET erp_code = s.erp_code
  FROM (SELECT DISTINCT ON (sku) erp, sku, erp_code FROM {source} s ORDER BY sku, version COLLATE "C" DESC) s
 WHERE i.sku = s.sku AND i.erp = s.erp AND i.erp_version = '' AND i.erp_code <> s.erp_code
"""
"""An item that came to another ERP, or whose ERP began anew, has no version and gets the code that it has there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Statements that run on staged rows, and what a staged row looks like. What the last one returns is `merged`, of
    which `counted` tells how many rows are new or newer and of when the oldest is.
    """

    table: str
    columns: Mapping[str, str]
    statements: tuple[str, ...]
    counted: str = "SELECT count(*), min(as_of) FROM merged"


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows are new or newer than what was there, and the ERP's time of the oldest of them."""

    count: int = 0
    oldest: dt.datetime | None = None

    def __add__(self, other: Merged) -> Merged:
        times = [at for at in (self.oldest, other.oldest) if at is not None]
        return Merged(self.count + other.count, min(times, default=None))


STOCK = Merge(
    table="inventory_stocklevel",
    columns={
        "erp": "text", "sku": "text", "warehouse": "text", "on_hand": "numeric", "available": "numeric",
        "supply_on": "date", "supply_quantity": "numeric", "supplies": "jsonb", "lots": "jsonb",
        "as_of": "timestamptz", "version": "text",
    },
    statements=(_WAREHOUSES, _STOCK),
)  # fmt: skip
ITEMS = Merge(
    table="inventory_item",
    columns={
        "erp": "text", "erp_code": "text", "sku": "text", "code_norm": "text", "upc": "text", "name": "text",
        "description": "text", "family": "text", "base_unit": "text", "pack_unit": "text", "pack_size": "numeric",
        "packs": "jsonb", "barcodes": "jsonb", "base_sold": "boolean", "min_quantity": "numeric",
        "order_multiple": "numeric", "list_price": "numeric", "currency": "text", "status": "text",
        "last_order_on": "date", "while_stock_lasts": "boolean", "substitutes": "jsonb", "hazmat": "boolean",
        "hazard": "jsonb", "least_shelf_life": "smallint",
        "restricted_regions": "jsonb", "weight_lb": "numeric", "as_of": "timestamptz", "version": "text",
    },
    statements=(_RENUMBERED, _ITEMS),
)  # fmt: skip
PRICES = Merge(
    table="inventory_price",
    columns={
        "erp": "text", "erp_id": "text", "sku": "text", "account": "text", "price_group": "text", "contract": "text",
        "min_quantity": "numeric", "unit_price": "numeric", "currency": "text", "valid_from": "date",
        "valid_until": "date", "withdrawn": "boolean", "as_of": "timestamptz", "version": "text",
    },
    statements=(_PRICES,),
)  # fmt: skip


@transaction.atomic
def merge_rows(rows: Iterable[Row], *, into: Merge) -> Merged:
    """What of the rows is new or newer. Rows of items or accounts that we do not know are skipped; of several of one
    key the newest counts. A withdrawn price that we never had leaves nothing.
    """
    *before, last = into.statements
    with staged(rows, columns=into.columns) as (source, parameters), connection.cursor() as cursor:
        for statement in (*before, f"WITH merged AS ({last}) {into.counted}"):
            cursor.execute(statement.format(source=source), parameters)
        merged = Merged(*cursor.fetchone())
        if merged.count and not parameters:
            cursor.execute(f"ANALYZE {into.table}")  # the next page of the feed is planned for what is there now
    return merged
