"""What of an account's invoices and credit memos is not settled: read where the database keeps it, or found in one pass
over all its documents.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

_NOW = """
SELECT id, currency, due_on, still_open FROM orders_invoice
 WHERE account_id = %(account)s AND (still_open IS NULL OR still_open <> 0)
"""
_OTHERWISE = """
WITH named AS MATERIALIZED (
  SELECT line.invoice_id AS id
    FROM orders_remittance payment JOIN orders_remittanceline line ON line.remittance_id = payment.id
   WHERE payment.account_id = %(account)s AND payment.state = 'applied' AND payment.paid_on > %(as_of)s
     AND line.invoice_id IS NOT NULL
   UNION SELECT id FROM orders_invoice WHERE account_id = %(account)s AND still_open IS NULL
), other AS MATERIALIZED (
  SELECT id FROM named
   UNION SELECT memo.corrects_id FROM named JOIN orders_invoice memo ON memo.id = named.id
          WHERE memo.corrects_id IS NOT NULL
   UNION SELECT corrects_id FROM orders_invoice
          WHERE account_id = %(account)s AND issued_on > %(as_of)s AND corrects_id IS NOT NULL
), looked_up AS (
  SELECT one.id, one.currency, one.due_on,
         CASE WHEN one.kind = 'invoice' THEN one.total - coalesce(settled.amount, 0) - coalesce(credited.amount, 0)
              WHEN one.corrects_id IS NULL AND settled.amount IS NULL THEN -one.total
              ELSE 0 END AS amount
    FROM other JOIN orders_invoice one ON one.id = other.id
    CROSS JOIN LATERAL (
      SELECT sum(line.paid + line.discount) AS amount
        FROM orders_remittanceline line JOIN orders_remittance payment ON payment.id = line.remittance_id
       WHERE line.invoice_id = one.id AND payment.state = 'applied' AND payment.paid_on <= %(as_of)s
    ) settled
    CROSS JOIN LATERAL (
      SELECT sum(memo.total) AS amount FROM orders_invoice memo
       WHERE memo.corrects_id = one.id AND memo.kind = 'credit_memo' AND memo.issued_on <= %(as_of)s AND NOT EXISTS (
         SELECT FROM orders_remittanceline line JOIN orders_remittance payment ON payment.id = line.remittance_id
          WHERE line.invoice_id = memo.id AND payment.state = 'applied' AND payment.paid_on <= %(as_of)s)
    ) credited
   WHERE one.account_id = %(account)s AND one.issued_on <= %(as_of)s
)
SELECT id, currency, due_on, still_open FROM orders_invoice
 WHERE account_id = %(account)s AND issued_on <= %(as_of)s AND still_open <> 0 AND id NOT IN (SELECT id FROM other)
UNION ALL SELECT id, currency, due_on, amount FROM looked_up WHERE amount <> 0
"""
"""On an earlier day most documents stood as they stand now: looked up are those that something was paid or credited of
since, and those that have no figure yet.
"""


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """One that is not settled; `amount` is below zero for what was paid too much or credited and is not set against
    an invoice.
    """

    invoice_id: UUID
    currency: str
    due_on: dt.date
    amount: Decimal


def open_documents(account_id: UUID, *, as_of: dt.date | None = None) -> list[OpenDocument]:
    """All of the account's, as they stand now or as they stood at the end of a day; one query. Where a document has no
    figure yet, two.
    """
    with connection.cursor() as cursor:
        if as_of is None:
            cursor.execute(_NOW, {"account": account_id})
            rows = cursor.fetchall()
            if all(amount is not None for *_, amount in rows):
                return [OpenDocument(*row) for row in rows]
        cursor.execute(_OTHERWISE, {"account": account_id, "as_of": as_of or dt.date.max})
        return [OpenDocument(*row) for row in cursor.fetchall()]
