"""What an account owes is read without its settled documents; the indexes are built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0034_open_amounts'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(fields=['account', '-issued_on', '-number'], include=('kind', 'currency', 'total'), name='orders_invoice_by_account'),
        ),
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(condition=models.Q(('still_open', None), models.Q(('still_open', 0), _negated=True), _connector='OR'), fields=['account', 'due_on'], include=('currency', 'still_open', 'id', 'issued_on'), name='orders_invoice_open'),
        ),
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(condition=models.Q(('still_open', None)), fields=['id'], name='orders_invoice_unreckoned'),
        ),
        AddIndexConcurrently(
            model_name='remittance',
            index=models.Index(condition=models.Q(('settled', None)), fields=['id'], name='orders_remittance_unreckoned'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('erp_number', ''), _negated=True), fields=['erp_number'], name='orders_by_erp_number'),
        ),
        RemoveIndexConcurrently(
            model_name='invoice',
            name='orders_invoice_account',
        ),
    ]
