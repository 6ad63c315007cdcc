# The history of a period, for the supervisor's page; made beside the work that goes on.

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('exceptions', '0004_views_and_bulk_runs'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='caseentry',
            index=BrinIndex(autosummarize=True, fields=['at'], name='exceptions_entry_at', pages_per_range=16),
        ),
    ]
