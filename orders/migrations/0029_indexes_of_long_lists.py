"""Indexes for lists of open orders and of the newest documents, built without locking the tables."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0007_invitations_and_visits'),
        ('orders', '0028_newest_invoices_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('status__in', ('received', 'held', 'accepted', 'confirmed', 'part_shipped'))), fields=['account', '-number'], name='orders_open_by_account'),
        ),
        AddIndexConcurrently(
            model_name='remittance',
            index=models.Index(fields=['-paid_on', '-recorded_at'], name='orders_remittance_newest'),
        ),
    ]
