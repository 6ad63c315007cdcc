"""Indexes for key figures by day, built without locking the tables."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0009_monthly_limit'),
        ('orders', '0030_choices_made'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='intake',
            index=models.Index(condition=models.Q(('outcome', 'placed'), _negated=True), fields=['received_at'], name='orders_intake_again'),
        ),
        AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(fields=['recorded_at'], name='orders_invoice_recorded'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['placed_at'], name='orders_by_placing'),
        ),
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(fields=['shipped_at'], name='orders_shipment_left'),
        ),
    ]
