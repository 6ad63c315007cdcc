"""Keep what each account has bought before, so that it is what its orders say: no event can count twice."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction

from orders.models import Purchase

_BOUGHT = """l.item_id IS NOT NULL AND o.accepted_at IS NOT NULL AND o.status NOT IN ('rejected', 'cancelled')
     AND l.status NOT IN ('rejected', 'cancelled')"""
"""Accepted orders count, with the lines that were not refused. The migration that fills the table says the same."""
COUNTED = f"""
WITH bought AS (
  SELECT o.account_id, l.item_id, o.id AS order_id, o.number, o.placed_at, o.currency, l.position, l.quantity,
         l.base_quantity, l.unit, l.unit_price
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
   WHERE {_BOUGHT} {{which}}
), counted AS (
  SELECT account_id, item_id, count(DISTINCT order_id) AS times FROM bought GROUP BY account_id, item_id
)
INSERT INTO orders_purchase (account_id, item_id, times, last_order_id, last_at, last_quantity, last_base_quantity,
                             last_unit, last_price, currency)
SELECT DISTINCT ON (b.account_id, b.item_id) b.account_id, b.item_id, c.times, b.order_id, b.placed_at, b.quantity,
       b.base_quantity, b.unit, b.unit_price, b.currency
  FROM bought b JOIN counted c USING (account_id, item_id)
 ORDER BY b.account_id, b.item_id, b.placed_at DESC, b.number DESC, b.position
    ON CONFLICT (account_id, item_id) DO UPDATE
   SET times = EXCLUDED.times, last_order_id = EXCLUDED.last_order_id, last_at = EXCLUDED.last_at,
       last_quantity = EXCLUDED.last_quantity, last_base_quantity = EXCLUDED.last_base_quantity,
       last_unit = EXCLUDED.last_unit, last_price = EXCLUDED.last_price, currency = EXCLUDED.currency
RETURNING item_id
"""  # noqa: S608 - a constant of this module
_OF_ITEMS = "AND o.account_id = %(account)s AND l.item_id = ANY(%(items)s)"
ADDED = f"""
WITH latest AS (
  SELECT DISTINCT ON (l.item_id) o.account_id, l.item_id, o.id AS order_id, o.number, o.placed_at, o.currency,
         l.quantity, l.base_quantity, l.unit, l.unit_price
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
   WHERE o.id = %(order)s AND {_BOUGHT}
   ORDER BY l.item_id, l.position
), added AS (
  UPDATE orders_purchase p
     SET times = p.times + 1, last_order_id = b.order_id, last_at = b.placed_at, last_quantity = b.quantity,
         last_base_quantity = b.base_quantity, last_unit = b.unit, last_price = b.unit_price, currency = b.currency
    FROM latest b, orders_order last
   WHERE p.account_id = b.account_id AND p.item_id = b.item_id AND last.id = p.last_order_id
     AND (last.placed_at, last.number) < (b.placed_at, b.number)
  RETURNING p.item_id
), named AS (
  SELECT item_id FROM orders_orderline WHERE order_id = %(order)s
   UNION SELECT original_item_id FROM orders_orderline WHERE order_id = %(order)s
   UNION SELECT item_id FROM orders_purchase WHERE last_order_id = %(order)s
)
SELECT item_id FROM named WHERE item_id IS NOT NULL EXCEPT SELECT item_id FROM added
"""  # noqa: S608 - a constant of this module
"""An order placed after the latest of those that were counted is none of them: it is one more, whatever came before.
Orders of one file were placed at one moment, in the order of their numbers. It gives the items that have to be counted:
the others of the order, those that were asked for instead, and those that were last bought by it.
"""
_LOCK = "pg_advisory_xact_lock(hashtextextended('orders.purchases:' || {}::text, 0))"
"""One account at a time."""
_LOCK_OF_ORDER = f"SELECT account_id, {_LOCK.format('account_id')} FROM orders_order WHERE id = %s"  # noqa: S608 - as above


@transaction.atomic(savepoint=False)
def note_purchases(*, order_id: UUID) -> None:
    """What the order's account has bought of the order's items is as its orders say now.

    The usual order is added to what was counted before; only for others the account's orders are counted anew, which
    takes the longer the more it has ordered.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_OF_ORDER, [order_id])
        [(account, _)] = cursor.fetchall()
        cursor.execute(ADDED, {"order": order_id})
        items = {item_id for (item_id,) in cursor.fetchall()}
    if items:
        count_purchases(account_id=account, item_ids=items)


@transaction.atomic
def count_purchases(*, account_id: UUID, item_ids: Collection[int]) -> None:
    """The rows of these items are as the account's orders say now; an item that no order has any more has none.

    One account at a time: of two orders at once the second counts both, whatever the first had seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_LOCK.format('%s')}", [account_id])
        cursor.execute(COUNTED.format(which=_OF_ITEMS), {"account": account_id, "items": list(item_ids)})
        still = [item_id for (item_id,) in cursor.fetchall()]
    Purchase.objects.filter(account=account_id, item__in=set(item_ids) - set(still)).delete()
