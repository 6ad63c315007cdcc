"""What monitoring reads of the exchange with partners, and the rows of key figures that come from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.urls import reverse

from distportal.events.clock import database_now
from distportal.events.models import OutboxEvent
from distportal.measures.registry import Source, Told, add_source
from distportal.observability.figures import Figure, figure_source, one
from distportal.web.speaking import moment_words
from edi.models import DueDocument, Interchange
from edi.process.watching import ACK_HOURS
from edi.queries.interchanges import unanswered_since
from edi.queries.kpi_rows import (
    due_documents,
    interchanges_again,
    invoices_by_transmission,
    orders_by_answer,
    replays_by_hand,
)
from exceptions.kpis import tell_cases
from exceptions.queries.kpi_rows import cases_counted

UNTRANSLATED = ("edi.unreadable_order", "edi.unreadable_change", "edi.unusable_document", "edi.unsendable_invoice")
"""Cases of documents that could not be made into something."""


@figure_source("edi")
def edi_figures() -> Iterable[Figure]:
    """Interchanges of ours whose 997 is missing; 500 stands for 500 or more."""
    late = unanswered_since(database_now() - dt.timedelta(hours=ACK_HOURS)).count()
    yield Figure(name="portal_acks_overdue", text="Interchanges sent whose 997 is overdue", samples=one(late))


def _tell_orders(rows: Sequence[Any]) -> Iterator[Told]:
    for row in rows:
        answered = f"answered {moment_words(row.answered_at)}" if row.answered_at else "not answered yet"
        detail = f"PO {row.po_number} by {row.channel}, {row.get_status_display()}, {answered}"
        yield Told(title=str(row), detail=detail, url=reverse("orders:detail", args=[row.number]))


def _tell_invoices(rows: Sequence[Any]) -> Iterator[Told]:
    for row in rows:
        detail = f"{row.total} {row.currency}, recorded {moment_words(row.recorded_at)}"
        yield Told(title=f"Invoice {row.number}", detail=detail, url=reverse("orders:invoice", args=[row.number]))


def _tell_due(rows: Sequence[DueDocument]) -> Iterator[Told]:
    for row in rows:
        left = f"left {moment_words(row.left_at)}" if row.left_at else "has not left"
        fee = f", fee {row.fee} {row.currency}" if row.fee else ""
        about = row.shipment or row.order or "a group of the partner"
        url = reverse("orders:detail", args=[row.order.number]) if row.order else ""
        detail = f"{row.get_state_display()}, {left}{fee}. {row.explanation}".strip()
        yield Told(title=f"{row.set_id} for {about}", detail=detail, url=url)


def _tell_interchanges(rows: Sequence[Interchange]) -> Iterator[Told]:
    for row in rows:
        detail = f"from {row.sender}; the first answer was sent once more"
        yield Told(title=str(row), detail=detail, url=reverse("edi:interchange", args=[row.pk]))


def _tell_replays(rows: Sequence[OutboxEvent]) -> Iterator[Told]:
    for row in rows:
        document = row.aggregate_type == "edi_document"
        url = reverse("edi:document", args=[row.aggregate_id]) if document else ""
        done = "processed again" if document else "sent again"
        yield Told(title=str(row.payload.get("title", "")), detail=f"{done} by {row.actor or 'the portal'}", url=url)


for _source in (
    Source(kpi="order_acknowledgement", name="orders", title="Orders", rows=orders_by_answer, tell=_tell_orders),
    Source(
        kpi="invoice_transmission", name="invoices", title="Invoices", rows=invoices_by_transmission,
        tell=_tell_invoices,
    ),
    Source(kpi="partner_sla", name="due", title="Due documents", rows=due_documents, tell=_tell_due),
    Source(
        kpi="replay_activity", name="edi", title="Read or sent again", rows=replays_by_hand, tell=_tell_replays
    ),
    Source(
        kpi="replay_activity", name="interchanges", title="Interchanges that came again", rows=interchanges_again,
        tell=_tell_interchanges,
    ),
    Source(
        kpi="failed_mappings", name="documents", title="Documents that could not be used",
        rows=partial(cases_counted, UNTRANSLATED), tell=tell_cases,
    ),
):  # fmt: skip
    add_source(_source)
