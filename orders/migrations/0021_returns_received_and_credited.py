"""Returns: pictures, what came back, and the credits asked for it. The new check of commands holds for new rows at once;
old rows, which no statement could have written otherwise, are checked by the next migration without a lock."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from decimal import Decimal
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0007_unique_within_an_erp'),
        ('orders', '0020_first_purchases'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReturnCredit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['asked_at'],
            },
        ),
        migrations.CreateModel(
            name='ReturnPhoto',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['added_at'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='erpcommand',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='erpcommand',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='return',
            name='status_moves',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='return',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='return',
            name='update_update',
        ),
        migrations.RemoveConstraint(
            model_name='erpcommand',
            name='orders_command_one_subject',
        ),
        migrations.RemoveConstraint(
            model_name='returnline',
            name='orders_return_line_quantities',
        ),
        migrations.AddField(
            model_name='return',
            name='received_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='return',
            name='replaced_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='return',
            name='settled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='returnevent',
            name='received_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='returnevent',
            name='replaced_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='returnevent',
            name='settled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='returnline',
            name='received',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=3, default=Decimal('0'), max_digits=14),
        ),
        migrations.AlterField(
            model_name='return',
            name='status',
            field=models.CharField(choices=[('requested', 'Requested'), ('waiting_approval', 'Waiting for a second person'), ('approved', 'Approved'), ('part_approved', 'Approved in part'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('received', 'Goods are here'), ('settled', 'Settled')], default='requested', max_length=18),
        ),
        migrations.AlterField(
            model_name='returnevent',
            name='status',
            field=models.CharField(choices=[('requested', 'Requested'), ('waiting_approval', 'Waiting for a second person'), ('approved', 'Approved'), ('part_approved', 'Approved in part'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('received', 'Goods are here'), ('settled', 'Settled')], default='requested', max_length=18),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='return',
            trigger=pgtrigger.compiler.Trigger(name='status_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{approved:received,approved:withdrawn,part_approved:received,part_approved:withdrawn,received:settled,requested:approved,requested:part_approved,requested:rejected,requested:waiting_approval,requested:withdrawn,waiting_approval:approved,waiting_approval:part_approved,waiting_approval:rejected,waiting_approval:requested,waiting_approval:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='dfeee68443c9cc35bbf1c4f4a4bc7965214e76af', operation='UPDATE', pgid='pgtrigger_status_moves_ea688', table='orders_return', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='return',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_returnevent" ("account_id", "amount", "amount_approved", "approved_by_id", "canonical", "channel", "content_hash", "correlation_id", "created_at", "currency", "decided_at", "decided_by_id", "decision_reason", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "reference", "replaced_at", "requested_at", "requested_by_id", "requested_name", "requested_on", "settled_at", "source_key", "status") VALUES (NEW."account_id", NEW."amount", NEW."amount_approved", NEW."approved_by_id", NEW."canonical", NEW."channel", NEW."content_hash", NEW."correlation_id", NEW."created_at", NEW."currency", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_at", NEW."reference", NEW."replaced_at", NEW."requested_at", NEW."requested_by_id", NEW."requested_name", NEW."requested_on", NEW."settled_at", NEW."source_key", NEW."status"); RETURN NULL;', hash='2300cc06a02853fb5d5bd1fa486fb0fc630040c7', operation='INSERT', pgid='pgtrigger_insert_insert_53ecf', table='orders_return', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='return',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."amount_approved" IS DISTINCT FROM (NEW."amount_approved") OR OLD."approved_by_id" IS DISTINCT FROM (NEW."approved_by_id") OR OLD."canonical" IS DISTINCT FROM (NEW."canonical") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."content_hash" IS DISTINCT FROM (NEW."content_hash") OR OLD."correlation_id" IS DISTINCT FROM (NEW."correlation_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."decision_reason" IS DISTINCT FROM (NEW."decision_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."replaced_at" IS DISTINCT FROM (NEW."replaced_at") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."requested_name" IS DISTINCT FROM (NEW."requested_name") OR OLD."requested_on" IS DISTINCT FROM (NEW."requested_on") OR OLD."settled_at" IS DISTINCT FROM (NEW."settled_at") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."status" IS DISTINCT FROM (NEW."status"))', func='INSERT INTO "orders_returnevent" ("account_id", "amount", "amount_approved", "approved_by_id", "canonical", "channel", "content_hash", "correlation_id", "created_at", "currency", "decided_at", "decided_by_id", "decision_reason", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "reference", "replaced_at", "requested_at", "requested_by_id", "requested_name", "requested_on", "settled_at", "source_key", "status") VALUES (NEW."account_id", NEW."amount", NEW."amount_approved", NEW."approved_by_id", NEW."canonical", NEW."channel", NEW."content_hash", NEW."correlation_id", NEW."created_at", NEW."currency", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_at", NEW."reference", NEW."replaced_at", NEW."requested_at", NEW."requested_by_id", NEW."requested_name", NEW."requested_on", NEW."settled_at", NEW."source_key", NEW."status"); RETURN NULL;', hash='6af295298fa9430f2a7ae09617b8086b2cd68e65', operation='UPDATE', pgid='pgtrigger_update_update_797a8', table='orders_return', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('allowed__gte', 0), ('allowed__lte', models.F('quantity')), ('quantity__gt', 0), ('approved__gte', 0), ('approved__lte', models.F('allowed')), ('received__gte', 0), ('received__lte', models.F('approved'))), name='orders_return_line_quantities'),
        ),
        migrations.AddField(
            model_name='returncredit',
            name='credit_memo',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.invoice'),
        ),
        migrations.AddField(
            model_name='returncredit',
            name='invoice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.invoice'),
        ),
        migrations.AddField(
            model_name='returncredit',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='orders.return'),
        ),
        migrations.AddField(
            model_name='erpcommand',
            name='return_credit',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commands', to='orders.returncredit'),
        ),
        migrations.AddField(
            model_name='erpcommandevent',
            name='return_credit',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='orders.returncredit'),
        ),
        AddConstraintNotValid(
            model_name='erpcommand',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dispute__isnull', True), ('order__isnull', False), ('return_credit__isnull', True)), models.Q(('dispute__isnull', False), ('order__isnull', True), ('return_credit__isnull', True)), models.Q(('dispute__isnull', True), ('order__isnull', True), ('return_credit__isnull', False)), _connector='OR'), name='orders_command_subject'),
        ),
        migrations.AddField(
            model_name='returnphoto',
            name='image',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.proofimage'),
        ),
        migrations.AddField(
            model_name='returnphoto',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='orders.return'),
        ),
        migrations.AddConstraint(
            model_name='returncredit',
            constraint=models.UniqueConstraint(fields=('request', 'invoice'), name='orders_return_credit_once'),
        ),
        migrations.AddConstraint(
            model_name='returnphoto',
            constraint=models.UniqueConstraint(fields=('request', 'image'), name='orders_return_photo_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erpcommand',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_erpcommandevent" ("attempts", "change_id", "content_hash", "correlation_id", "created_at", "dispute_id", "draft", "empty_lookups", "erp", "erp_number", "erp_state", "error_code", "error_text", "id", "kind", "last_lookup_at", "last_sent_at", "order_id", "order_key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at", "return_credit_id", "settled_at", "state") VALUES (NEW."attempts", NEW."change_id", NEW."content_hash", NEW."correlation_id", NEW."created_at", NEW."dispute_id", NEW."draft", NEW."empty_lookups", NEW."erp", NEW."erp_number", NEW."erp_state", NEW."error_code", NEW."error_text", NEW."id", NEW."kind", NEW."last_lookup_at", NEW."last_sent_at", NEW."order_id", NEW."order_key", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."requested_at", NEW."return_credit_id", NEW."settled_at", NEW."state"); RETURN NULL;', hash='819413cc6150f0a3db7d2833a270a6d5412475f5', operation='INSERT', pgid='pgtrigger_insert_insert_ca9db', table='orders_erpcommand', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erpcommand',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."attempts" IS DISTINCT FROM (NEW."attempts") OR OLD."change_id" IS DISTINCT FROM (NEW."change_id") OR OLD."content_hash" IS DISTINCT FROM (NEW."content_hash") OR OLD."correlation_id" IS DISTINCT FROM (NEW."correlation_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."dispute_id" IS DISTINCT FROM (NEW."dispute_id") OR OLD."draft" IS DISTINCT FROM (NEW."draft") OR OLD."empty_lookups" IS DISTINCT FROM (NEW."empty_lookups") OR OLD."erp" IS DISTINCT FROM (NEW."erp") OR OLD."erp_number" IS DISTINCT FROM (NEW."erp_number") OR OLD."erp_state" IS DISTINCT FROM (NEW."erp_state") OR OLD."error_code" IS DISTINCT FROM (NEW."error_code") OR OLD."error_text" IS DISTINCT FROM (NEW."error_text") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."last_lookup_at" IS DISTINCT FROM (NEW."last_lookup_at") OR OLD."last_sent_at" IS DISTINCT FROM (NEW."last_sent_at") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."order_key" IS DISTINCT FROM (NEW."order_key") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."return_credit_id" IS DISTINCT FROM (NEW."return_credit_id") OR OLD."settled_at" IS DISTINCT FROM (NEW."settled_at") OR OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "orders_erpcommandevent" ("attempts", "change_id", "content_hash", "correlation_id", "created_at", "dispute_id", "draft", "empty_lookups", "erp", "erp_number", "erp_state", "error_code", "error_text", "id", "kind", "last_lookup_at", "last_sent_at", "order_id", "order_key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at", "return_credit_id", "settled_at", "state") VALUES (NEW."attempts", NEW."change_id", NEW."content_hash", NEW."correlation_id", NEW."created_at", NEW."dispute_id", NEW."draft", NEW."empty_lookups", NEW."erp", NEW."erp_number", NEW."erp_state", NEW."error_code", NEW."error_text", NEW."id", NEW."kind", NEW."last_lookup_at", NEW."last_sent_at", NEW."order_id", NEW."order_key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."requested_at", NEW."return_credit_id", NEW."settled_at", NEW."state"); RETURN NULL;', hash='865a4eeea524a3af56590e79578b180e83e43988', operation='UPDATE', pgid='pgtrigger_update_update_51354', table='orders_erpcommand', when='AFTER')),
        ),
    ]
