"""An index for the lines that are still owed, the nearest promise first, built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0031_indexes_of_key_figures'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='orderline',
            index=models.Index(condition=models.Q(models.Q(('status__in', ('rejected', 'cancelled')), _negated=True), ('shipped_quantity__lt', models.F('quantity'))), fields=['promised_on'], name='orders_line_owed'),
        ),
    ]
