"""What two ERPs say of the same things, laid side by side by one statement a kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import connection as database

from inventory.models import ErpFact, FeedCursor

FEEDS = ("item", "stock", "price", "customer")
_NUMBER = "trim_scale(({side}.payload->>'{name}')::numeric)::text"
_TEXT = "{side}.payload->>'{name}'"
_FIELDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "item": (
        ("status", "status", _TEXT),
        ("base_unit", "base_unit", _TEXT),
        ("pack_unit", "pack_unit", _TEXT),
        ("pack_size", "pack_size", _NUMBER),
        ("list_price", "list_price", _NUMBER),
        ("name", "name", _TEXT),
    ),
    "stock": (("available", "available", _NUMBER), ("on_hand", "on_hand", _NUMBER)),
    "price": (("unit_price", "unit_price", _NUMBER),),
    "customer": (
        ("status", "status", _TEXT),
        ("credit_limit", "credit_limit", _NUMBER),
        ("credit_balance", "credit_balance", _NUMBER),
        ("price_group", "price_group", _TEXT),
    ),
}
_IN_FORCE = """
   AND (f.kind <> 'price' OR ((f.payload->>'valid_from')::date <= {today}
        AND COALESCE(NULLIF(f.payload->>'valid_until', '')::date, {today}) >= {today}))"""
_SIDE = """
SELECT DISTINCT ON (f.subject) f.subject, f.sku, f.account, f.warehouse, f.payload, f.occurred_at
  FROM inventory_erpfact f
 WHERE f.connection = %({side})s AND f.kind = %(kind)s AND NOT f.deleted AND {about}{in_force}
 ORDER BY f.subject, f.payload->>'valid_from' DESC NULLS LAST, f.version COLLATE "C" DESC
"""
_PAIRS = """
WITH l AS MATERIALIZED ({left}), r AS MATERIALIZED ({right}), pairs AS (
  SELECT COALESCE(l.subject, r.subject) AS subject, COALESCE(l.sku, r.sku) AS sku,
         COALESCE(l.account, r.account) AS account, COALESCE(l.warehouse, r.warehouse) AS warehouse,
         l.subject IS NOT NULL AS in_left, r.subject IS NOT NULL AS in_right, l.occurred_at AS left_as_of,
         r.occurred_at AS right_as_of, {values}
    FROM l FULL JOIN r ON r.subject = l.subject
)
SELECT p.subject, p.sku, p.account, p.warehouse, v.code, v.left_value, v.right_value, p.left_as_of, p.right_as_of
  FROM pairs p CROSS JOIN LATERAL (VALUES
       ('exists', CASE WHEN p.in_left THEN 'there' ELSE 'missing' END,
                  CASE WHEN p.in_right THEN 'there' ELSE 'missing' END){fields}) AS v (code, left_value, right_value)
 WHERE CASE WHEN v.code = 'exists' THEN p.in_left <> p.in_right
            ELSE p.in_left AND p.in_right AND COALESCE(v.left_value, '') <> COALESCE(v.right_value, '') END
"""
_ABOUT = {
    "": "true",
    "item": "f.sku = ANY(%(keys)s)",
    "account": "f.account = ANY(%(keys)s)",
    "warehouse": "f.warehouse = ANY(%(keys)s)",
    "company": "f.account IN (SELECT code FROM accounts_account WHERE company = ANY(%(keys)s))",
}


def differences_sql(kind: str, *, about: str = "") -> str:
    """The statement that gives subject, sku, account, warehouse, code, both values and both as-ofs of what differs.

    Its parameters are `left`, `right`, `kind`, and `keys` where it is `about` some items, accounts or warehouses.
    """
    today = f"(clock_timestamp() AT TIME ZONE '{settings.TIME_ZONE}')::date"
    parts = {"about": _ABOUT[about], "in_force": _IN_FORCE.format(today=today) if kind == "price" else ""}
    fields = _FIELDS[kind]
    values = ", ".join(
        f"{form.format(side=side, name=name)} AS {side}_{code}" for code, name, form in fields for side in ("l", "r")
    )
    return _PAIRS.format(
        left=_SIDE.format(side="left", **parts),
        right=_SIDE.format(side="right", **parts),
        values=values,
        fields="".join(f",\n       ('{code}', p.l_{code}, p.r_{code})" for code, _, _ in fields),
    )


def differing(*, left: str, right: str, kind: str, about: str, keys: Sequence[str]) -> int:
    """How many things of a kind differ, of those that are about these items, accounts or warehouses."""
    inner = differences_sql(kind, about=about)
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT count(DISTINCT subject) FROM ({inner}) d",  # noqa: S608 - our own text
            {"left": left, "right": right, "kind": kind, "keys": list(keys)},
        )
        count: int = cursor.fetchone()[0]
    return count


def keys_without_facts(*, kind: str, keys: Collection[str], of: str) -> list[str]:
    """The items, accounts or warehouses of which the connection has told nothing, by name."""
    fact, column = {"item": ("item", "sku"), "account": ("customer", "account"), "warehouse": ("stock", "warehouse")}[
        kind
    ]
    named: dict[str, Any] = {f"{column}__in": list(keys)}
    told = ErpFact.objects.filter(connection=of, kind=fact, deleted=False, **named)
    return sorted(set(keys) - set(told.values_list(column, flat=True).distinct()))


def unread_kinds(of: str) -> list[str]:
    """The feeds of the connection that were never read to their end."""
    read = FeedCursor.objects.filter(connection=of, kind__in=FEEDS, read_at__isnull=False)
    return sorted(set(FEEDS) - set(read.values_list("kind", flat=True)))


def items_told(skus: Collection[str]) -> set[str]:
    """Those that some ERP has told of, whether or not the portal follows it."""
    rows = ErpFact.objects.filter(kind="item", sku__in=list(skus), deleted=False)
    return set(rows.values_list("sku", flat=True))
