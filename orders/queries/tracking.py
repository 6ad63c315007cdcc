"""Which shipments a carrier means, and what was told of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from distportal.canonical.tracking import TrackingReport
from orders.choices import MessageState
from orders.models import CarrierMessage, Order, ProofOfDelivery, Shipment, TrackingEvent

MESSAGES_WAIT = dt.timedelta(days=7)
"""A carrier may report before the ERP books; so long its message is looked at again."""

_OURS = ("SI", "BM", "MB", "CN", "2I")
"""X12 element 128: references that may name one of our shipments."""


def shipments_reported(report: TrackingReport) -> QuerySet[Shipment]:
    """The shipments that bear the carrier's number, the bill of lading, or our own number among the references.

    A bill of lading may cover several shipments: then it says the same of all.
    """
    numbers = {r.value for r in report.references if r.qualifier in _OURS} - {""}
    named = Q(number__in=numbers)
    pros = {report.tracking_number, *(r.value for r in report.references if r.qualifier in ("CN", "2I"))} - {""}
    bills = {report.bill_of_lading, *(r.value for r in report.references if r.qualifier in ("BM", "MB"))} - {""}
    rows = Shipment.objects.filter(named | Q(tracking_number__in=pros) | Q(bill_of_lading__in=bills))
    return rows.order_by("order_id", "number")


def shipments_with_tracking(order: Order) -> QuerySet[Shipment]:
    """The order's shipments with everything their carriers told, in three queries; no picture is loaded."""
    proofs = Prefetch("proofs", ProofOfDelivery.objects.all())
    return order.shipments.prefetch_related("tracking", proofs)


def unproven_deliveries(due: dt.datetime) -> QuerySet[Shipment]:
    """Shipments delivered by then that nobody proved and of which no case told yet, the oldest first."""
    rows = Shipment.objects.filter(delivered_at__lte=due, proof_asked_at=None, proofs=None)
    return rows.select_related("order__account").order_by("delivered_at")


def early_messages(shipment_id: UUID, *, since: dt.datetime) -> list[UUID]:
    """The carriers' messages that wait for this shipment."""
    row = Shipment.objects.get(pk=shipment_id)
    known = [number for number in (row.number, row.tracking_number, row.bill_of_lading) if number]
    waiting = CarrierMessage.objects.filter(state=MessageState.WAITING, received_at__gte=since, numbers__overlap=known)
    return list(waiting.order_by("received_at").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Of the shipments of a time: how many carriers told of, how many were delivered, how many of these are proven."""

    shipped: int
    tracked: int
    delivered: int
    proven: int

    @property
    def tracked_share(self) -> float | None:
        """Between 0 and 1; None where nothing was shipped."""
        return self.tracked / self.shipped if self.shipped else None

    @property
    def proven_share(self) -> float | None:
        """Between 0 and 1; None where nothing was delivered."""
        return self.proven / self.delivered if self.delivered else None


def event_completeness(since: dt.datetime) -> Completeness:
    """Of the shipments that left since then, in one query."""
    news = Exists(TrackingEvent.objects.filter(shipment=OuterRef("pk")))
    proof = Exists(ProofOfDelivery.objects.filter(shipment=OuterRef("pk")))
    found = (
        Shipment.objects.filter(shipped_at__gte=since)
        .annotate(has_news=news, has_proof=proof)
        .aggregate(
            shipped=Count("pk"),
            tracked=Count("pk", filter=Q(has_news=True)),
            delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
            proven=Count("pk", filter=Q(delivered_at__isnull=False, has_proof=True)),
        )
    )
    return Completeness(**found)


def unused_messages() -> QuerySet[CarrierMessage]:
    """What carriers told and nobody could use, the newest first, ten at most; without the bytes."""
    rows = CarrierMessage.objects.filter(state__in=(MessageState.WAITING, MessageState.FAILED))
    return rows.defer("body").order_by("-received_at")[:10]
