"""Say once of each invoice that its day has passed and something of it is open and not in dispute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from distportal.common.money import show_money
from distportal.common.site_day import site_day
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.models import OutboxEvent
from distportal.events.outbox import publish
from distportal.observability.correlation import correlated
from orders.choices import InvoiceKind
from orders.models import Dispute, Invoice
from orders.queries.payments import listed

OVERDUE = "invoice.overdue"
LOOK_BACK = dt.timedelta(days=14)
"""Nights that were missed are made up for; who has not paid for longer was told, or is older than this portal."""
BATCH = 500


def watch_overdue() -> int:
    """How many invoices were told to be overdue now (`invoice.overdue`): each once, whatever is paid of it later."""
    now = database_now()
    today = site_day(now)
    ended = Dispute.objects.filter(invoice=OuterRef("pk"), ended_at__gte=now - LOOK_BACK)
    late = Q(due_on__gte=today - LOOK_BACK) | Exists(ended)  # what was in dispute until now is due now
    rows = Invoice.objects.filter(late, kind=InvoiceKind.INVOICE, due_on__lt=today).select_related("account")
    told, after = 0, None
    while True:
        batch = list((rows if after is None else rows.filter(pk__gt=after)).defer("canonical").order_by("pk")[:BATCH])
        if not batch:
            return told
        told += _tell(batch)
        after = batch[-1].pk


@transaction.atomic
def _tell(invoices: Sequence[Invoice]) -> int:
    due = {row.invoice.pk: row.due for row in listed(invoices)}
    ids = [str(row.pk) for row in invoices]
    known = OutboxEvent.objects.filter(aggregate_type="invoice", aggregate_id__in=ids, type=OVERDUE)
    before = set(known.values_list("aggregate_id", flat=True))
    owing = [row for row in invoices if str(row.pk) not in before and due[row.pk] > 0]
    for row in owing:
        with correlated(row.correlation_id):
            payload = {
                "invoice": str(row.pk),
                "number": row.number,
                "account": row.account.code,
                "due_on": row.due_on.isoformat(),
                "open": show_money(due[row.pk], row.currency),
            }
            publish(Event(type=OVERDUE, aggregate_type="invoice", aggregate_id=str(row.pk), payload=payload))
    return len(owing)
