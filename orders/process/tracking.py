"""Record where shipments are, as their carriers tell it."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction

from distportal.canonical.tracking import CarrierStatus, TrackingReport
from distportal.common.site_day import site_day
from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import TrackingKind
from orders.models import Order, Shipment, TrackingEvent
from orders.process.case_facts import about
from orders.process.deliveries import note_delivered
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_order
from orders.queries.tracking import shipments_reported

_SCAC = re.compile(r"[A-Z]{2,4}")


@transaction.atomic
def record_tracking(*, report: TrackingReport, source: str) -> list[Shipment]:
    """The shipments that the report is about, each with what is new of it; none where no shipment of that carrier
    bears its numbers. Told again, nothing changes. A delay is one case, which ends with the delivery.
    """
    found = [one for one in shipments_reported(report) if _carried_by(one, report.carrier)]
    orders = {pk: locked_order(pk) for pk in sorted({one.order_id for one in found})}
    for shipment in found:
        order = orders[shipment.order_id]
        with correlated(order.correlation_id):
            _record(order, shipment, report, source)
    return found


def _carried_by(shipment: Shipment, carrier: str) -> bool:
    """Whether it may be the carrier's: the ERP may know it by a name instead of its code (SCAC)."""
    return not _SCAC.fullmatch(shipment.carrier) or shipment.carrier == carrier


def _record(order: Order, shipment: Shipment, report: TrackingReport, source: str) -> None:
    before = set(shipment.tracking.values_list("pk", flat=True))
    rows = [
        TrackingEvent(
            shipment=shipment,
            status=status.code[:10],
            meaning=status.meaning[:120],
            kind=status.kind,
            reason=status.reason[:120],
            place=status.place[:80],
            at=status.at,
            source=source[:120],
        )
        for status in report.statuses
    ]
    TrackingEvent.objects.bulk_create(rows, ignore_conflicts=True)
    fresh = set(shipment.tracking.values_list("pk", flat=True)) - before
    news = [status for status, row in zip(report.statuses, rows, strict=True) if row.pk in fresh]
    if not news:
        return
    for status in news:
        if status.kind == "delivered":
            note_delivered(shipment, status.at)
    _judge(order, shipment, news)
    publish_order_fact(order, "order.tracked", shipment=str(shipment.pk), status=news[-1].meaning)


def _judge(order: Order, shipment: Shipment, news: list[CarrierStatus]) -> None:
    late = [status for status in news if _is_late(shipment, status)]
    if late and not _delivered(shipment.pk):
        last = late[-1]
        why = f" ({last.reason})" if last.reason else ""
        place = f" in {last.place}" if last.place else ""
        open_case(
            kind="shipment.late",
            code="late",
            subject_type="shipment",
            subject_id=str(shipment.pk),
            sentence=f"{order}, shipment {shipment.number} by {shipment.carrier}: {last.meaning.lower()}{why}{place}, "
            f"{site_day(last.at):%d %b %Y}",
            **about(order),
            data={"order": str(order.pk)},
        )
    if any(status.kind == "delivered" for status in news):
        resolve_cases(
            subject_type="shipment",
            subject_id=str(shipment.pk),
            resolution=Resolution.BY_EVENT,
            reason="it was delivered",
            code="late",
        )


def _is_late(shipment: Shipment, status: CarrierStatus) -> bool:
    promised = shipment.estimated_delivery_on
    if status.kind == "expected":
        return promised is not None and site_day(status.at) > promised
    return status.kind == "late"


def _delivered(shipment_id: UUID) -> bool:
    return TrackingEvent.objects.filter(shipment_id=shipment_id, kind=TrackingKind.DELIVERED).exists()
