"""What of an account's invoices and credit memos is not settled, found in one pass over its documents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

_OPEN = """
WITH documents AS MATERIALIZED (
  SELECT id, kind, currency, due_on, total, corrects_id FROM orders_invoice
   WHERE account_id = %(account)s AND issued_on <= %(as_of)s
), settled AS MATERIALIZED (
  SELECT line.invoice_id, sum(line.paid + line.discount) AS amount
    FROM documents JOIN orders_remittanceline line ON line.invoice_id = documents.id
    JOIN orders_remittance payment ON payment.id = line.remittance_id
   WHERE payment.state = 'applied' AND payment.paid_on <= %(as_of)s
   GROUP BY line.invoice_id
), credited AS (
  SELECT memo.corrects_id, sum(memo.total) AS amount
    FROM documents memo LEFT JOIN settled ON settled.invoice_id = memo.id
   WHERE memo.kind = 'credit_memo' AND memo.corrects_id IS NOT NULL AND settled.invoice_id IS NULL
   GROUP BY memo.corrects_id
), owed AS (
  SELECT document.id, document.currency, document.due_on,
         CASE WHEN document.kind = 'invoice'
              THEN document.total - coalesce(settled.amount, 0) - coalesce(credited.amount, 0)
              WHEN document.corrects_id IS NULL AND settled.invoice_id IS NULL THEN -document.total
              ELSE 0 END AS amount
    FROM documents document LEFT JOIN settled ON settled.invoice_id = document.id
    LEFT JOIN credited ON credited.corrects_id = document.id
)
SELECT id, currency, due_on, amount FROM owed WHERE amount <> 0
"""
"""The same amounts as `receivables.with_open`, which looks them up document by document, for lists of a few."""


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """One that is not settled; `amount` is below zero for what was paid too much or credited and is not set against
    an invoice.
    """

    invoice_id: UUID
    currency: str
    due_on: dt.date
    amount: Decimal


def open_documents(account_id: UUID, *, as_of: dt.date = dt.date.max) -> list[OpenDocument]:
    """All of the account's, as they stood at the end of a day; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"account": account_id, "as_of": as_of})
        return [OpenDocument(*row) for row in cursor.fetchall()]
