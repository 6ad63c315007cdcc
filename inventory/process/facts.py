"""Keep what each of two ERPs says of a thing, whoever owns it, so that they can be laid side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection as database

from distportal.systems.erp.port import Change
from inventory.process.merging import Merge, merge_rows
from inventory.process.staging import Row

_FACTS = """
INSERT INTO inventory_erpfact
       (connection, kind, erp_id, subject, sku, account, warehouse, payload, deleted, version, occurred_at, read_at)
SELECT DISTINCT ON (s.connection COLLATE "C", s.kind COLLATE "C", s.erp_id COLLATE "C")
       s.connection, s.kind, s.erp_id, s.subject, s.sku, s.account, s.warehouse, s.payload, s.deleted, s.version,
       s.occurred_at, clock_timestamp()
  FROM {source} s
 WHERE NOT s.deleted
    OR EXISTS (SELECT FROM inventory_erpfact f
                WHERE f.connection = s.connection AND f.kind = s.kind AND f.erp_id = s.erp_id)
 ORDER BY s.connection COLLATE "C", s.kind COLLATE "C", s.erp_id COLLATE "C", s.version COLLATE "C" DESC
    ON CONFLICT (connection, kind, erp_id) DO UPDATE
   SET read_at = clock_timestamp(),
       subject = CASE WHEN EXCLUDED.deleted THEN inventory_erpfact.subject ELSE EXCLUDED.subject END,
       sku = CASE WHEN EXCLUDED.deleted THEN inventory_erpfact.sku ELSE EXCLUDED.sku END,
       account = CASE WHEN EXCLUDED.deleted THEN inventory_erpfact.account ELSE EXCLUDED.account END,
       warehouse = CASE WHEN EXCLUDED.deleted THEN inventory_erpfact.warehouse ELSE EXCLUDED.warehouse END,
       payload = CASE WHEN EXCLUDED.deleted THEN inventory_erpfact.payload ELSE EXCLUDED.payload END,
       deleted = EXCLUDED.deleted, version = EXCLUDED.version, occurred_at = EXCLUDED.occurred_at
 WHERE inventory_erpfact.version COLLATE "C" <= EXCLUDED.version COLLATE "C"
RETURNING connection, kind, erp_id, version, occurred_at
"""
_TOLD_ANEW = """
SELECT count(*), min(m.occurred_at)
  FROM merged m
 WHERE NOT EXISTS (SELECT FROM inventory_erpfact f
                    WHERE f.connection = m.connection AND f.kind = m.kind AND f.erp_id = m.erp_id
                      AND f.version COLLATE "C" = m.version COLLATE "C")
"""
"""A fact that is told again in the same version is read again, and no news: here the table is as it was before."""
FACTS = Merge(
    table="inventory_erpfact",
    columns={
        "connection": "text", "kind": "text", "erp_id": "text", "subject": "text", "sku": "text", "account": "text",
        "warehouse": "text", "payload": "jsonb", "deleted": "boolean", "version": "text", "occurred_at": "timestamptz",
    },
    statements=(_FACTS,),
    counted=_TOLD_ANEW,
)  # fmt: skip


def keep_facts(changes: Sequence[Change], *, of: str) -> int:
    """The newest of each is kept as the connection's word, in one statement; an older one changes nothing. How many are
    new or newer than what was kept.
    """
    return merge_rows((_row(change, of) for change in changes), into=FACTS).count


def subject_of(change: Change) -> str:
    """What both ERPs call alike, whatever ids of their own they use."""
    data = change.payload
    if change.kind == "stock":
        return f"{data.get('sku', '')}@{data.get('warehouse', '')}"
    if change.kind == "price":
        tier = f"{Decimal(data.get('min_quantity') or 1).normalize():f}"
        whose = data.get("account") or data.get("price_group") or "list"
        return f"{data.get('sku', '')} {whose} {data.get('currency', '')} from {tier}"[:140]
    named = {"item": "sku", "customer": "account"}.get(change.kind, "order_key")
    return str(data.get(named, ""))[:140]


def forget_unread(*, of: str, kind: str, before: Any) -> int:
    """How many facts ended because a whole snapshot that was begun at `before` did not show them."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_erpfact SET deleted = true"
            " WHERE connection = %s AND kind = %s AND read_at < %s AND NOT deleted",
            [of, kind, before],
        )
        ended: int = cursor.rowcount
    return ended


def _row(change: Change, of: str) -> Row:
    data: Mapping[str, Any] = change.payload
    return (
        of, change.kind, change.erp_id, subject_of(change), data.get("sku", ""), data.get("account", ""),
        data.get("warehouse", ""), json.dumps(dict(data)), "true" if change.deleted else "false", change.version,
        change.occurred_at.isoformat(),
    )  # fmt: skip
