"""`accepted_at` is the first acceptance: orders whose moment moved with a later change get back what their history has."""

from django.db import migrations

FIRST = """
WITH first AS (
  SELECT e.pgh_obj_id AS id, min(e.accepted_at) AS at
    FROM orders_orderevent e JOIN orders_order o ON o.id = e.pgh_obj_id
   WHERE o.version > 1 AND o.accepted_at IS NOT NULL
   GROUP BY e.pgh_obj_id
)
UPDATE orders_order o SET accepted_at = first.at FROM first WHERE o.id = first.id AND first.at < o.accepted_at
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0041_newest_letters_index'),
    ]

    operations = [
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
