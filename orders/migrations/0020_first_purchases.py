"""What was bought before this version: one reading of all orders, which locks nothing."""

from django.db import migrations

FILL = """
WITH bought AS (
  SELECT o.account_id, l.item_id, o.id AS order_id, o.number, o.placed_at, o.currency, l.position, l.quantity,
         l.base_quantity, l.unit, l.unit_price
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
   WHERE l.item_id IS NOT NULL AND o.accepted_at IS NOT NULL AND o.status NOT IN ('rejected', 'cancelled')
     AND l.status NOT IN ('rejected', 'cancelled')
), counted AS (
  SELECT account_id, item_id, count(DISTINCT order_id) AS times FROM bought GROUP BY account_id, item_id
)
INSERT INTO orders_purchase (account_id, item_id, times, last_order_id, last_at, last_quantity, last_base_quantity,
                             last_unit, last_price, currency)
SELECT DISTINCT ON (b.account_id, b.item_id) b.account_id, b.item_id, c.times, b.order_id, b.placed_at, b.quantity,
       b.base_quantity, b.unit, b.unit_price, b.currency
  FROM bought b JOIN counted c USING (account_id, item_id)
 ORDER BY b.account_id, b.item_id, b.placed_at DESC, b.number DESC, b.position
    ON CONFLICT (account_id, item_id) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0019_lists_and_purchases'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
