"""What was withdrawn and reached its warehouse after all is confirmed: `withdrawn` may become `sending`."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0042_first_acceptance'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='warehouserelease',
            name='state_moves',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warehouserelease',
            trigger=pgtrigger.compiler.Trigger(name='state_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{pending:rejected,pending:sending,pending:withdrawn,rejected:pending,sending:confirmed,sending:pending,sending:rejected,sending:unknown,unknown:confirmed,unknown:pending,unknown:rejected,unknown:sending,withdrawn:sending}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='292d72f34b04026c43628b4f951b36dbe68a1d07', operation='UPDATE', pgid='pgtrigger_state_moves_a0a26', table='orders_warehouserelease', when='BEFORE')),
        ),
    ]
