"""Indexes for key figures by day, built without locking the tables."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('edi', '0017_unplaced_documents_are_found'),
        ('orders', '0029_indexes_of_long_lists'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='duedocument',
            index=models.Index(fields=['due_at'], name='edi_due_document_due'),
        ),
        AddIndexConcurrently(
            model_name='interchange',
            index=models.Index(condition=models.Q(('state', 'repeated')), fields=['created_at'], name='edi_interchange_again'),
        ),
    ]
