"""945 and 214: what warehouses shipped and where carriers have it, brought to the orders they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.canonical.tracking import TrackingReport
from distportal.canonical.warehouse import WarehouseShipment
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from edi.documents.advice945 import read_945
from edi.documents.status214 import read_214
from edi.models import Document
from edi.process.jobs import TAKE_JOB
from edi.process.using import unusable, use_document
from edi.queries.documents import early_reports
from edi.queries.facts import shipment_of
from edi.queries.warehouses import instruction_named
from edi.x12.structure import TransactionSet
from orders.process.tracking import record_tracking
from orders.process.warehouse import record_advice

_OUTCOMES = {
    "repeated": "The same shipment was told before; nothing changed.",
    "conflict": "The same shipment was told before with other content. The first one holds, a case tells both.",
}
_EARLY = dt.timedelta(days=7)
"""A carrier may report before the ERP books; so long its report is looked at again."""


def take_advice(*, document_id: UUID) -> None:
    """The 945 is recorded with the order it answers, or failed with one case where the partner was asked no such
    thing.
    """
    use_document(document_id=document_id, read=read_945, use=_record_advice)


def take_status(*, document_id: UUID) -> None:
    """The 214 is recorded with its shipments, or failed with one case where no shipment of that carrier is meant."""
    use_document(document_id=document_id, read=_read_status, use=_record_status)


def _record_advice(document: Document, fact: WarehouseShipment) -> Sequence[str]:
    asked = instruction_named(partner=document.partner, number=fact.order_number)
    if asked is None:
        raise unusable(f"We gave {document.partner} no order {fact.order_number}.")
    outcome = record_advice(
        fact=fact,
        order_id=asked.order_id,
        warehouse_id=asked.warehouse_id,
        source_key=f"edi:{document.partner.code}:{asked.number}:{fact.number}"[:120],
        source=document.partner.name,
        ended=asked.purpose == "F",
    )
    document.order_id = asked.order_id
    return outcome.advice.findings if outcome.outcome == "recorded" else [_OUTCOMES[outcome.outcome]]


def _read_status(tset: TransactionSet) -> TrackingReport:
    return read_214(tset, zone=timezone.get_default_timezone())


def _record_status(document: Document, report: TrackingReport) -> Sequence[str]:
    partner = document.partner
    own = {*partner.scacs, partner.code, partner.their_id}
    if report.carrier not in own:
        raise unusable(f"It speaks for the carrier {report.carrier}, {partner} is {', '.join(sorted(own))}.")
    shipments = record_tracking(report=report, source=f"{partner.name} 214")
    if not shipments:
        known = report.tracking_number or report.bill_of_lading or "without a number"
        raise unusable(f"No shipment of {report.carrier} is known as {known}.")
    document.order_id, document.shipment_id = shipments[0].order_id, shipments[0].pk
    return [f"Shipment {shipment.number}" for shipment in shipments]


@transaction.atomic
def retake_statuses(*, shipment_id: UUID) -> int:
    """How many reports that came too early and name the shipment are looked at again, now that it is known."""
    waiting = early_reports(shipment_of(shipment_id=shipment_id), since=database_now() - _EARLY)
    for pk in waiting:
        enqueue_job(TAKE_JOB, key=str(pk), payload={"document": str(pk)})
    return len(waiting)
