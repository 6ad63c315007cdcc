# What the desk's lists and its clock look for; made beside the work that goes on.

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('exceptions', '0002_desk_foundation'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='case',
            name='exceptions_case_list',
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'resolved'), _negated=True), fields=['-severity', '-points', 'number'], name='exceptions_case_worst'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(fields=['subject_type', 'subject_id'], name='exceptions_case_subject'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'resolved'), _negated=True), fields=['group_key'], name='exceptions_case_group'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'resolved')), fields=['-resolved_at'], name='exceptions_case_resolved'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'resolved'), _negated=True), fields=['rescore_at'], name='exceptions_case_rescore'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'resolved'), _negated=True), fields=['remind_at'], name='exceptions_case_remind'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(models.Q(('status', 'resolved'), _negated=True), ('warned_at', None)), fields=['warn_at'], name='exceptions_case_warn'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(fields=['created_at'], name='exceptions_case_made'),
        ),
    ]
