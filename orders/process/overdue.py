"""Say once of each invoice that its day has passed and something of it is still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from distportal.common.money import show_money
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.models import OutboxEvent
from distportal.events.outbox import publish
from distportal.observability.correlation import correlated
from orders.choices import InvoiceKind
from orders.models import Invoice
from orders.queries.payments import balances_of

OVERDUE = "invoice.overdue"
LOOK_BACK = dt.timedelta(days=14)
"""Nights that were missed are made up for; who has not paid for longer was told, or is older than this portal."""
BATCH = 500


def watch_overdue() -> int:
    """How many invoices were told to be overdue now (`invoice.overdue`): each once, whatever is paid of it later."""
    today = database_now().date()
    rows = Invoice.objects.filter(
        kind=InvoiceKind.INVOICE, due_on__lt=today, due_on__gte=today - LOOK_BACK
    ).select_related("account")
    told, after = 0, None
    while True:
        batch = list((rows if after is None else rows.filter(pk__gt=after)).defer("canonical").order_by("pk")[:BATCH])
        if not batch:
            return told
        told += _tell(batch)
        after = batch[-1].pk


@transaction.atomic
def _tell(invoices: Sequence[Invoice]) -> int:
    balances = balances_of(invoices)
    ids = [str(row.pk) for row in invoices]
    known = OutboxEvent.objects.filter(aggregate_type="invoice", aggregate_id__in=ids, type=OVERDUE)
    before = set(known.values_list("aggregate_id", flat=True))
    owing = [row for row in invoices if str(row.pk) not in before and balances[row.pk].open > 0]
    for row in owing:
        with correlated(row.correlation_id):
            payload = {
                "invoice": str(row.pk),
                "number": row.number,
                "account": row.account.code,
                "due_on": row.due_on.isoformat(),
                "open": show_money(balances[row.pk].open, row.currency),
            }
            publish(Event(type=OVERDUE, aggregate_type="invoice", aggregate_id=str(row.pk), payload=payload))
    return len(owing)
