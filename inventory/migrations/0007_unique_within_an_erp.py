"""Ids and codes are unique within their ERP: two ERPs may use the same ones."""

from django.db import migrations, models


def unique(app, model, fields, name):
    """The constraint, its index built without locking a table that may be big."""
    table = f"{app}_{model}"
    return [
        migrations.RunSQL(
            f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({', '.join(fields)})",
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        ),
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            state_operations=[
                migrations.AddConstraint(
                    model_name=model, constraint=models.UniqueConstraint(fields=fields, name=name)
                )
            ],
        ),
    ]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('inventory', '0006_facts_of_each_erp'),
    ]

    operations = [
        *unique('inventory', 'item', ['erp', 'erp_code'], 'inventory_item_erp_code_once'),
        migrations.AlterField(
            model_name='item',
            name='erp_code',
            field=models.CharField(max_length=40),
        ),
        *unique('inventory', 'price', ['erp', 'erp_id'], 'inventory_price_of_erp_once'),
        migrations.RemoveConstraint(
            model_name='price',
            name='inventory_price_once',
        ),
    ]
