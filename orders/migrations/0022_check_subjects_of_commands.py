"""Rows of before satisfy the check of what a command is about; said in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0021_returns_received_and_credited'),
    ]

    operations = [
        ValidateConstraint(model_name='erpcommand', name='orders_command_subject'),
    ]
