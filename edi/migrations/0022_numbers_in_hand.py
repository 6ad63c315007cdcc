"""Indexes of numbers that people have in hand, built without locking the tables."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("edi", "0021_bytes_still_kept")]

    operations = [
        AddIndexConcurrently(
            model_name="as2message", index=models.Index(fields=["message_id"], name="edi_as2_message_id")
        ),
        AddIndexConcurrently(
            model_name="inboundfile", index=models.Index(fields=["name"], name="edi_inbound_name")
        ),
    ]
