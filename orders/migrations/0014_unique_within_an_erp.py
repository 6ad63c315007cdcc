"""Ids and numbers are unique within their ERP: two ERPs may use the same ones."""

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
        ('orders', '0013_erp_of_an_order'),
    ]

    operations = [
        *unique('orders', 'erpcommand', ['erp', 'erp_number'], 'orders_command_erp_number_once'),
        migrations.AlterField(
            model_name='erpcommand',
            name='erp_number',
            field=models.CharField(blank=True, max_length=40, null=True),
        ),
        *unique('orders', 'invoice', ['erp', 'erp_id'], 'orders_invoice_once'),
        migrations.AlterField(
            model_name='invoice',
            name='erp_id',
            field=models.CharField(max_length=60),
        ),
        *unique('orders', 'shipment', ['erp', 'erp_id'], 'orders_shipment_once'),
        migrations.AlterField(
            model_name='shipment',
            name='erp_id',
            field=models.CharField(max_length=60),
        ),
        *unique('orders', 'shipment', ['erp', 'number'], 'orders_shipment_number_once'),
        migrations.AlterField(
            model_name='shipment',
            name='number',
            field=models.CharField(max_length=40),
        ),
    ]
