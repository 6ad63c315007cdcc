"""An index of the lines that are backordered, built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('inventory', '0011_index_of_an_old_key'),
        ('orders', '0035_open_amounts_indexes'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='orderline',
            index=models.Index(condition=models.Q(('shipped_quantity__lt', models.F('quantity')), ('status', 'backordered')), fields=['order'], name='orders_line_backordered'),
        ),
    ]
