"""An index of letters, the newest first, built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0040_numbers_in_hand'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='disputeletter',
            index=models.Index(fields=['-written_at'], name='orders_letter_newest'),
        ),
    ]
