"""Indexes by which any part of a PO's, an invoice's or a payment's number is found among everybody's, and what a payment
paid for; built without locking the tables.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0043_taken_after_all'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=django.contrib.postgres.indexes.GinIndex(
                fields=['po_norm'], name='orders_by_po_part', opclasses=['gin_trgm_ops']
            ),
        ),
        AddIndexConcurrently(
            model_name='invoice',
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(Upper('number'), 'gin_trgm_ops'),
                name='orders_invoice_by_part',
            ),
        ),
        AddIndexConcurrently(
            model_name='remittance',
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(Upper('trace'), 'gin_trgm_ops'),
                name='orders_remittance_by_part',
            ),
        ),
        AddIndexConcurrently(
            model_name='remittanceline',
            index=models.Index(Upper('number'), name='orders_remittance_paid_for'),
        ),
    ]
