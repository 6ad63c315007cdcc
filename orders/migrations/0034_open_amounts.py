"""What is open of each invoice stands beside it, kept by triggers.

Beside each payment stands what its lines come to. Columns of rows that are there are NULL, so that nothing is rewritten;
the job `orders.reckon_open` fills them in batches.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from distportal.common.migrating import AddingMigration


OPEN_OF = """
CREATE FUNCTION orders_open_of(document uuid) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT CASE WHEN one.kind = 'invoice' THEN one.total - coalesce(settled.amount, 0) - coalesce(credited.amount, 0)
                WHEN one.corrects_id IS NULL AND settled.amount IS NULL THEN -one.total
                ELSE 0 END
      FROM orders_invoice one
      CROSS JOIN LATERAL (
        SELECT sum(line.paid + line.discount) AS amount
          FROM orders_remittanceline line JOIN orders_remittance payment ON payment.id = line.remittance_id
         WHERE line.invoice_id = one.id AND payment.state = 'applied'
      ) settled
      CROSS JOIN LATERAL (
        SELECT sum(memo.total) AS amount FROM orders_invoice memo
         WHERE memo.corrects_id = one.id AND memo.kind = 'credit_memo' AND NOT EXISTS (
           SELECT FROM orders_remittanceline line JOIN orders_remittance payment ON payment.id = line.remittance_id
            WHERE line.invoice_id = memo.id AND payment.state = 'applied')
      ) credited
     WHERE one.id = document);
END $$
"""
RECKON = """
CREATE FUNCTION orders_reckon_open(wanted uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE changed bigint;
BEGIN
  PERFORM FROM orders_invoice WHERE id = ANY(wanted) ORDER BY id FOR NO KEY UPDATE;
  PERFORM set_config('orders.reckoning', 'on', true);
  -- a statement of its own: it sees what those have written who had the locks before
  UPDATE orders_invoice document SET still_open = reckoned.amount
    FROM (SELECT id, orders_open_of(id) AS amount FROM orders_invoice WHERE id = ANY(wanted)) reckoned
   WHERE document.id = reckoned.id AND document.still_open IS DISTINCT FROM reckoned.amount;
  GET DIAGNOSTICS changed = ROW_COUNT;
  PERFORM set_config('orders.reckoning', '', true);
  RETURN changed;
END $$
"""
ADD_UP = """
CREATE FUNCTION orders_reckon_payments(wanted uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE changed bigint;
BEGIN
  PERFORM FROM orders_remittance WHERE id = ANY(wanted) ORDER BY id FOR NO KEY UPDATE;
  PERFORM set_config('orders.reckoning', 'on', true);
  UPDATE orders_remittance payment SET settled = reckoned.amount
    FROM (
      SELECT one.id, coalesce(sum(line.paid + line.discount), 0) AS amount
        FROM orders_remittance one LEFT JOIN orders_remittanceline line ON line.remittance_id = one.id
       WHERE one.id = ANY(wanted) GROUP BY one.id
    ) reckoned
   WHERE payment.id = reckoned.id AND payment.settled IS DISTINCT FROM reckoned.amount;
  GET DIAGNOSTICS changed = ROW_COUNT;
  PERFORM set_config('orders.reckoning', '', true);
  RETURN changed;
END $$
"""


class Migration(AddingMigration):

    dependencies = [
        ('accounts', '0011_single_keys'),
        ('orders', '0033_open_commands_index'),
    ]

    operations = [
        migrations.RunSQL(OPEN_OF, 'DROP FUNCTION orders_open_of(uuid)'),
        migrations.RunSQL(RECKON, 'DROP FUNCTION orders_reckon_open(uuid[])'),
        migrations.RunSQL(ADD_UP, 'DROP FUNCTION orders_reckon_payments(uuid[])'),
        migrations.AddField(
            model_name='invoice',
            name='still_open',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name='remittance',
            name='settled',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=16, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='reckon_first', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nNEW.still_open := CASE WHEN NEW.kind = 'invoice' THEN NEW.total WHEN NEW.corrects_id IS NULL THEN -NEW.total ELSE 0 END;\nRETURN NEW;\n", hash='478db18053a84ad638ea473d33dec4e303c63b62', operation='INSERT', pgid='pgtrigger_reckon_first_cec9c', table='orders_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='reckon_alone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."still_open" IS DISTINCT FROM (NEW."still_open"))', func="\nIF current_setting('orders.reckoning', true) IS DISTINCT FROM 'on' THEN NEW.still_open := OLD.still_open; END IF;\nRETURN NEW;\n", hash='70613b6222abd81821eb90a67222a150e40a8dfd', operation='UPDATE OF "still_open"', pgid='pgtrigger_reckon_alone_bd439', table='orders_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='reckon_corrected', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.corrects_id IS NOT NULL)', func='PERFORM orders_reckon_open(ARRAY[NEW.corrects_id]); RETURN NULL;', hash='081468157242d8d944a9529351c3f6e45d5adcef', operation='INSERT', pgid='pgtrigger_reckon_corrected_a4acf', table='orders_invoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='reckon_anew', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."total" IS DISTINCT FROM (NEW."total"))', func='PERFORM orders_reckon_open(ARRAY[NEW.id, OLD.corrects_id, NEW.corrects_id]); RETURN NULL;', hash='d503616bebeebc032b09609d3c82a8f260c519f4', operation='UPDATE OF "kind", "total", "corrects_id"', pgid='pgtrigger_reckon_anew_bcc9b', table='orders_invoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='reckon_without', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.corrects_id IS NOT NULL)', func='PERFORM orders_reckon_open(ARRAY[OLD.corrects_id]); RETURN NULL;', hash='174d1fe8fde401e0065fc21d20542cd41324c9ae', operation='DELETE', pgid='pgtrigger_reckon_without_8bbbb', table='orders_invoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='remittance',
            trigger=pgtrigger.compiler.Trigger(name='reckon_first', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.settled := 0; RETURN NEW;', hash='7d58d2171c66c73fb0765e526a5f97d35e98491d', operation='INSERT', pgid='pgtrigger_reckon_first_9282c', table='orders_remittance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='remittance',
            trigger=pgtrigger.compiler.Trigger(name='reckon_alone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."settled" IS DISTINCT FROM (NEW."settled"))', func="\nIF current_setting('orders.reckoning', true) IS DISTINCT FROM 'on' THEN NEW.settled := OLD.settled; END IF;\nRETURN NEW;\n", hash='9fa00640fd1c1ed371f60b1bce28f3c305717b09', operation='UPDATE OF "settled"', pgid='pgtrigger_reckon_alone_7491e', table='orders_remittance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='remittance',
            trigger=pgtrigger.compiler.Trigger(name='reckon_state', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))', func='PERFORM orders_reckon_open(ARRAY(\nSELECT line.invoice_id FROM (SELECT invoice_id FROM orders_remittanceline WHERE remittance_id = NEW.id) line WHERE line.invoice_id IS NOT NULL\n UNION SELECT memo.corrects_id FROM (SELECT invoice_id FROM orders_remittanceline WHERE remittance_id = NEW.id) line JOIN orders_invoice memo ON memo.id = line.invoice_id\n        WHERE memo.corrects_id IS NOT NULL\n)); RETURN NULL;', hash='acd0f468f35d5bb73169d1847c71787281782249', operation='UPDATE OF "state"', pgid='pgtrigger_reckon_state_5f53f', table='orders_remittance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='remittanceline',
            trigger=pgtrigger.compiler.Trigger(name='reckon_added', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM orders_reckon_payments(ARRAY(SELECT remittance_id FROM new_lines)); PERFORM orders_reckon_open(ARRAY(\nSELECT line.invoice_id FROM new_lines line WHERE line.invoice_id IS NOT NULL\n UNION SELECT memo.corrects_id FROM new_lines line JOIN orders_invoice memo ON memo.id = line.invoice_id\n        WHERE memo.corrects_id IS NOT NULL\n)); RETURN NULL;', hash='6e017ea702fc80d5098fdbaddf1d4b0a5f5f953e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_reckon_added_d2488', referencing='REFERENCING NEW TABLE AS new_lines ', table='orders_remittanceline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='remittanceline',
            trigger=pgtrigger.compiler.Trigger(name='reckon_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM orders_reckon_payments(ARRAY(SELECT remittance_id FROM old_lines UNION SELECT remittance_id FROM new_lines)); PERFORM orders_reckon_open(ARRAY(\nSELECT line.invoice_id FROM old_lines line WHERE line.invoice_id IS NOT NULL\n UNION SELECT memo.corrects_id FROM old_lines line JOIN orders_invoice memo ON memo.id = line.invoice_id\n        WHERE memo.corrects_id IS NOT NULL\n UNION \nSELECT line.invoice_id FROM new_lines line WHERE line.invoice_id IS NOT NULL\n UNION SELECT memo.corrects_id FROM new_lines line JOIN orders_invoice memo ON memo.id = line.invoice_id\n        WHERE memo.corrects_id IS NOT NULL\n)); RETURN NULL;', hash='c4587e279b77bdfa52e73d474b5bd3bb2e5bf607', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_reckon_changed_989b8', referencing='REFERENCING OLD TABLE AS old_lines  NEW TABLE AS new_lines ', table='orders_remittanceline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='remittanceline',
            trigger=pgtrigger.compiler.Trigger(name='reckon_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM orders_reckon_payments(ARRAY(SELECT remittance_id FROM old_lines)); PERFORM orders_reckon_open(ARRAY(\nSELECT line.invoice_id FROM old_lines line WHERE line.invoice_id IS NOT NULL\n UNION SELECT memo.corrects_id FROM old_lines line JOIN orders_invoice memo ON memo.id = line.invoice_id\n        WHERE memo.corrects_id IS NOT NULL\n)); RETURN NULL;', hash='2e8771efa22aa116ac931b8a54b81867a100c177', level='STATEMENT', operation='DELETE', pgid='pgtrigger_reckon_removed_77796', referencing='REFERENCING OLD TABLE AS old_lines ', table='orders_remittanceline', when='AFTER')),
        ),
    ]
