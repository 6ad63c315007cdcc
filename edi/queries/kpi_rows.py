"""Orders, invoices, due documents and repeats as rows of key figures."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Now

from distportal.events.models import OutboxEvent
from distportal.measures.counting import seconds_between
from edi.choices import AckState, Direction, DocumentState, DueState, InterchangeState
from edi.models import Agreement, Document, DueDocument, Interchange
from orders.choices import InvoiceKind, OrderStatus
from orders.models import Invoice, Order

SETTLES = dt.timedelta(days=1)
"""So long an invoice and its 997 may be on their way before their absence counts."""
REPLAYS = {"edi.file_resent": "sent again", "edi.document_reprocessed": "processed again"}
_PARTNER = Coalesce("partner__account__code", "partner__code", Value(""))


def orders_by_answer() -> QuerySet[Order]:
    """Each order from its receipt to its answer, by account and channel; see the figure's formula."""
    received = Document.objects.filter(
        order=OuterRef("pk"), direction=Direction.IN, set_id="850", group__interchange__file__isnull=False
    ).order_by("created_at")
    answers = Document.objects.filter(
        order=OuterRef("pk"), direction=Direction.OUT, set_id="855", sent_at__isnull=False
    ).order_by("sent_at")
    wanted = Agreement.objects.filter(
        partner__account=OuterRef("account"), direction=Direction.OUT, set_id="855", active=True
    )
    rows = Order.objects.annotate(
        received_at=Coalesce(Subquery(received.values("group__interchange__file__received_at")[:1]), F("placed_at")),
        answered_at=Case(
            When(Q(channel="edi") & Exists(wanted), then=Subquery(answers.values("sent_at")[:1])),
            default=F("confirmed_at"),
        ),
    )
    return rows.exclude(status__in=OrderStatus.DEAD, answered_at=None).annotate(
        fact_at=F("placed_at"),
        fact_value=seconds_between("received_at", "answered_at"),
        fact_partner=F("account__code"),
        fact_part=F("channel"),
    )


def invoices_by_transmission() -> QuerySet[Invoice]:
    """Each invoice that a partner wants as an 810: 1 once it left and was not refused, 0 where it was or did not leave
    within a day, by account.
    """
    asked = Document.objects.filter(
        order=OuterRef("order"), direction=Direction.IN, set_id="850", state=DocumentState.PLACED,
        partner__active=True, partner__usage="P", partner__agreements__direction=Direction.OUT,
        partner__agreements__set_id="810", partner__agreements__active=True,
    )  # fmt: skip
    sent = Document.objects.filter(invoice=OuterRef("pk"), direction=Direction.OUT, set_id="810", sent_at__isnull=False)
    taken = Exists(sent.filter(ack_state__in=(AckState.ACCEPTED, AckState.WITH_ERRORS, AckState.NONE)))
    refused = Exists(sent.filter(ack_state=AckState.REJECTED))
    return Invoice.objects.filter(Exists(asked), kind=InvoiceKind.INVOICE).annotate(
        fact_at=F("recorded_at"),
        fact_value=Case(
            When(taken, then=Value(1)),
            When(~refused & Q(recorded_at__gt=Now() - SETTLES), then=Value(None)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        fact_partner=F("account__code"),
        fact_part=Value("edi"),
    )


def due_documents() -> QuerySet[DueDocument]:
    """Each document that was due: 1 where it left in time, 0 where it did not, by partner and document."""
    return (
        DueDocument.objects.exclude(state=DueState.VOID)
        .select_related("partner", "order", "shipment", "rule")
        .annotate(
            fact_at=F("due_at"),
            fact_value=Case(
                When(state=DueState.MET, then=Value(1)),
                When(state=DueState.MISSED, then=Value(0)),
                output_field=IntegerField(),
            ),
            fact_partner=_PARTNER,
            fact_part=F("set_id"),
        )
    )


def interchanges_again() -> QuerySet[Interchange]:
    """Each interchange that a partner sent a second time, by partner."""
    return Interchange.objects.filter(state=InterchangeState.REPEATED).annotate(
        fact_at=F("created_at"), fact_value=Value(1), fact_partner=_PARTNER, fact_part=Value("interchange again")
    )


def replays_by_hand() -> QuerySet[OutboxEvent]:
    """Each time that somebody read a document or sent a file once more, by partner."""
    words = [When(type=what, then=Value(said)) for what, said in REPLAYS.items()]
    return OutboxEvent.objects.filter(type__in=list(REPLAYS)).annotate(
        fact_at=F("occurred_at"),
        fact_value=Value(1),
        fact_partner=Coalesce(KT("payload__partner"), Value(""), output_field=CharField()),
        fact_part=Case(*words, default=Value(""), output_field=CharField()),
    )
