"""What is still kept is found by its age, and spooled files by their hash; built without locking the tables."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('edi', '0020_erased_bytes'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='as2message',
            index=models.Index(condition=models.Q(('erased_at', None)), fields=['created_at'], name='edi_as2_kept'),
        ),
        AddIndexConcurrently(
            model_name='as2message',
            index=models.Index(condition=models.Q(('erased_at', None), ('spooled', True)), fields=['sha256'], name='edi_as2_spooled'),
        ),
        AddIndexConcurrently(
            model_name='inboundfile',
            index=models.Index(condition=models.Q(('erased_at', None)), fields=['received_at'], name='edi_inbound_kept'),
        ),
        AddIndexConcurrently(
            model_name='inboundfile',
            index=models.Index(condition=models.Q(('erased_at', None), ('spooled', True)), fields=['sha256'], name='edi_inbound_spooled'),
        ),
        AddIndexConcurrently(
            model_name='outboundfile',
            index=models.Index(condition=models.Q(('erased_at', None)), fields=['created_at'], name='edi_outbound_kept'),
        ),
    ]
