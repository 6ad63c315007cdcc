"""Lines that wait for goods are found by their item; the index is built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0024_approvals_reminded'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='orderline',
            index=models.Index(condition=models.Q(('confirmed_quantity__lt', models.F('quantity')), ('reserved_quantity__lt', models.F('quantity')), ('shipped_quantity__lt', models.F('quantity')), ('status__in', ('accepted', 'backordered'))), fields=['item'], name='orders_line_short'),
        ),
    ]
