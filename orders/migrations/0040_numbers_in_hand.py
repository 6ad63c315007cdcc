"""Indexes of numbers that people have in hand, built without locking the tables."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0039_remittance_trace_index")]

    operations = [
        AddIndexConcurrently(
            model_name="return", index=models.Index(fields=["reference"], name="orders_return_reference")
        ),
        AddIndexConcurrently(
            model_name="shipment", index=models.Index(fields=["bill_of_lading"], name="orders_shipment_lading")
        ),
    ]
