"""An index for the list of all invoices, the newest first, built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0027_disputes_and_findings'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(fields=['-issued_on', '-number'], name='orders_invoice_newest'),
        ),
    ]
