"""An index of payments by the beginning of their trace, built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0038_versions_of_policies'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='remittance',
            index=models.Index(fields=['trace'], name='orders_remittance_trace', opclasses=['varchar_pattern_ops']),
        ),
    ]
