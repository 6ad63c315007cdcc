"""An index for deliveries that nobody proved, built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0010_carrier_messages_and_proofs'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(condition=models.Q(('delivered_at__isnull', False), ('proof_asked_at__isnull', True)), fields=['delivered_at'], name='orders_shipment_unproven'),
        ),
    ]
