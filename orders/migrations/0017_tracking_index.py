"""An index for what people search shipments by, built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0016_exports'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(fields=['tracking_number'], name='orders_shipment_tracking'),
        ),
    ]
