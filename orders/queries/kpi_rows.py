"""Shipments and orders as rows of key figures."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from orders.models import Intake, ProofOfDelivery, Shipment, TrackingEvent

SETTLES = dt.timedelta(days=1)
"""So long news may be on its way before its absence counts."""


def shipments_by_news() -> QuerySet[Shipment]:
    """Each shipment as 1 where its carrier told of it and its delivery is proven, by account and the order's channel.

    One without news waits for a day, then it is 0 until news comes.
    """
    news = Exists(TrackingEvent.objects.filter(shipment=OuterRef("pk")))
    proven = Q(delivered_at=None) | Exists(ProofOfDelivery.objects.filter(shipment=OuterRef("pk")))
    return Shipment.objects.select_related("order").annotate(
        fact_at=F("shipped_at"),
        fact_value=Case(
            When(Q(news) & proven, then=Value(1)),
            When(~Q(news) & Q(shipped_at__gt=Now() - SETTLES), then=Value(None)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        fact_partner=F("order__account__code"),
        fact_part=F("order__channel"),
    )


def orders_sent_twice() -> QuerySet[Intake]:
    """Each arrival of an order that was there already, by account; its part is the channel it came by."""
    return (
        Intake.objects.exclude(outcome=Intake.Outcome.PLACED)
        .select_related("order")
        .annotate(
            fact_at=F("received_at"), fact_value=Value(1), fact_partner=F("account__code"), fact_part=F("channel")
        )
    )
