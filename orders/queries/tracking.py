"""Which shipments a carrier means, and what was told of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from distportal.canonical.tracking import TrackingReport
from orders.models import Order, Shipment

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
    """The order's shipments with everything their carriers told, in two queries."""
    return order.shipments.prefetch_related("tracking")
