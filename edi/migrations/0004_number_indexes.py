"""Indexes for the monitor's search, built without locking tables that may be big."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('edi', '0003_saved_views'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='document',
            index=models.Index(fields=['control_number'], name='edi_document_number'),
        ),
        AddIndexConcurrently(
            model_name='functionalgroup',
            index=models.Index(fields=['control_number'], name='edi_group_any_number'),
        ),
        AddIndexConcurrently(
            model_name='interchange',
            index=models.Index(fields=['control_number'], name='edi_interchange_any_number'),
        ),
    ]
