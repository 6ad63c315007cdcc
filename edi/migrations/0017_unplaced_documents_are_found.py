"""What became no order is found by its PO number; the index is built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('edi', '0016_shared_units'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='document',
            index=models.Index(condition=models.Q(('state__in', ('invalid', 'failed'))), fields=['set_id'], name='edi_document_not_placed'),
        ),
    ]
