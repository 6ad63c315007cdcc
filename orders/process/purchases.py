"""Keep what each account has bought before: made anew from its orders, so that no event can count twice."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from orders.models import OrderLine, Purchase

COUNTED = """
WITH bought AS (
  SELECT o.account_id, l.item_id, o.id AS order_id, o.number, o.placed_at, o.currency, l.position, l.quantity,
         l.base_quantity, l.unit, l.unit_price
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
   WHERE l.item_id IS NOT NULL AND o.accepted_at IS NOT NULL AND o.status NOT IN ('rejected', 'cancelled')
     AND l.status NOT IN ('rejected', 'cancelled') {which}
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
"""
"""Accepted orders count, with the lines that were not refused. The migration that fills the table says the same."""
_OF_ITEMS = "AND o.account_id = %(account)s AND l.item_id = ANY(%(items)s)"


@transaction.atomic
def note_purchases(*, order_id: UUID) -> None:
    """What the order's account has bought of the order's items is as its orders say now."""
    items = _items_of(order_id)
    account = OrderLine.objects.filter(order=order_id).values_list("order__account_id", flat=True).first()
    if account is not None and items:
        count_purchases(account_id=account, item_ids=items)


@transaction.atomic
def count_purchases(*, account_id: UUID, item_ids: Collection[int]) -> None:
    """The rows of these items are as the account's orders say now; an item that no order has any more has none.

    One account at a time: of two orders at once the second counts both, whatever the first had seen.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"orders.purchases:{account_id}"])
        cursor.execute(COUNTED.format(which=_OF_ITEMS), {"account": account_id, "items": list(item_ids)})
        still = [item_id for (item_id,) in cursor.fetchall()]
    Purchase.objects.filter(account=account_id, item__in=set(item_ids) - set(still)).delete()


def _items_of(order_id: UUID) -> set[int]:
    """Those it has, those that were asked for instead, and those that were last bought by it."""
    lines = OrderLine.objects.filter(order=order_id).values_list("item_id", "original_item_id")
    last = Purchase.objects.filter(Q(last_order=order_id)).values_list("item_id", flat=True)
    return {pk for pair in lines for pk in pair if pk is not None} | set(last)
