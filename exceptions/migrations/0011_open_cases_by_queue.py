"""An index of the open cases of a queue, which each page of our people counts; built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('exceptions', '0010_queues_tracked'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(
                fields=['queue'],
                name='exceptions_case_open_of',
                condition=models.Q(status__in=('new', 'claimed', 'waiting_dealer', 'waiting_erp', 'snoozed', 'resubmitted', 'reopened')),
            ),
        ),
    ]
