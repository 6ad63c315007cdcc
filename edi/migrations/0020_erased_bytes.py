"""From when on the bytes of a file are gone; the database lets them go in that way alone."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from distportal.common.migrating import AddingMigration


class Migration(AddingMigration):

    dependencies = [
        ('edi', '0019_versions_of_agreements'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='as2message',
            name='sent_bytes_are_kept',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='inboundfile',
            name='bytes_are_kept',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='outboundfile',
            name='bytes_are_kept',
        ),
        migrations.AddField(
            model_name='as2message',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='inboundfile',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='outboundfile',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='as2message',
            trigger=pgtrigger.compiler.Trigger(name='sent_bytes_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.direction = 'out' AND (OLD.message_id IS DISTINCT FROM NEW.message_id OR ((OLD.body IS DISTINCT FROM NEW.body OR OLD.erased_at IS DISTINCT FROM NEW.erased_at) AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND length(NEW.body) = 0 AND OLD.created_at < now() - interval '30 days'))))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='aca4c9a43c4589ae8eb323f0927ce4f500f91cb1', operation='UPDATE', pgid='pgtrigger_sent_bytes_are_kept_0c36f', table='edi_as2message', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='inboundfile',
            trigger=pgtrigger.compiler.Trigger(name='bytes_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (true AND (OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.name IS DISTINCT FROM NEW.name OR OLD.size IS DISTINCT FROM NEW.size OR OLD.spooled IS DISTINCT FROM NEW.spooled OR ((OLD.content IS DISTINCT FROM NEW.content OR OLD.erased_at IS DISTINCT FROM NEW.erased_at) AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND length(NEW.content) = 0 AND OLD.received_at < now() - interval '30 days'))))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6d7efc60e042c3231c80660ec1991c3211431ae6', operation='UPDATE', pgid='pgtrigger_bytes_are_kept_0583e', table='edi_inboundfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboundfile',
            trigger=pgtrigger.compiler.Trigger(name='bytes_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (true AND (OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.name IS DISTINCT FROM NEW.name OR ((OLD.content IS DISTINCT FROM NEW.content OR OLD.erased_at IS DISTINCT FROM NEW.erased_at) AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND length(NEW.content) = 0 AND OLD.created_at < now() - interval '30 days'))))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c6f9f6edf72d4b2dbf994ba9da089461901a6b52', operation='UPDATE', pgid='pgtrigger_bytes_are_kept_18824', table='edi_outboundfile', when='BEFORE')),
        ),
    ]
