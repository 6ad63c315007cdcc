"""Take a carrier's message: stored as it came before it is answered, then used once, or kept with one case."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import content_hash, from_json
from distportal.canonical.tracking import CarrierStatus, DeliveryProof, TrackingReport
from distportal.common.images import UnusableImage
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated, correlation_id
from distportal.systems.models import LogisticsConnection
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import MessageState
from orders.models import CarrierMessage, Shipment
from orders.process.proofs import record_proof, tell_bad_image
from orders.process.tracking import record_tracking

TAKE_JOB = "orders.take_carrier_message"
_UNREADABLE = (KeyError, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError)
_OPEN = (MessageState.RECEIVED, MessageState.WAITING, MessageState.FAILED)


@dataclass(frozen=True, slots=True)
class Received:
    """The row of a message, and whether it is new, the same as before, or another under a known id."""

    message: CarrierMessage
    outcome: Literal["stored", "known", "conflict"]


@transaction.atomic
def receive_message(*, connection: str, event_id: str, body: bytes, channel: str) -> Received:
    """The message is stored and its job is due. Told again nothing changes, whatever way it comes; with other content
    under its id the first one holds and a case tells of it.
    """
    digest = _digest(body)
    fresh = CarrierMessage(
        connection=connection,
        event_id=event_id,
        channel=channel,
        body=body,
        content_hash=digest,
        correlation_id=correlation_id(),
    )
    CarrierMessage.objects.bulk_create([fresh], ignore_conflicts=True)
    row = CarrierMessage.objects.defer("body").get(connection=connection, event_id=event_id)
    if row.pk == fresh.pk:
        enqueue_job(TAKE_JOB, key=str(row.pk), payload={"message": str(row.pk)})
        return Received(row, "stored")
    if row.content_hash == digest:
        return Received(row, "known")
    _tell(row, "conflict", f"message {event_id} came again with other content; the first one holds")
    return Received(row, "conflict")


@transaction.atomic
def take_message(*, message_id: UUID) -> CarrierMessage:
    """The message, used: its status on the shipment's way, its proof with the picture. One that names no shipment of
    ours waits for it; one that cannot be used is kept. Each has one case, which closes when it is used after all.
    """
    row = CarrierMessage.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
    if row.state not in _OPEN:
        return row
    try:
        data = json.loads(bytes(row.body))
        if "\\u0000" in json.dumps(data):
            raise ValueError("it has NUL characters, which no text of ours can hold")
        report, proof = _read(data)
    except _UNREADABLE as error:
        return _settle(row, MessageState.FAILED, f"it cannot be read: {error!r}")
    carrier = LogisticsConnection.objects.filter(name=row.connection).first()
    row.numbers = [number[:60] for number in _numbers(report)]
    if str(data.get("event_id")) != row.event_id:
        return _settle(row, MessageState.FAILED, f"it calls itself {str(data.get('event_id'))[:60]}")
    if carrier is None or report.carrier not in carrier.serves:
        return _settle(row, MessageState.FAILED, f"it speaks for the carrier {report.carrier[:20]}")
    shipments = record_tracking(report=report, source=carrier.title)
    if not shipments:
        known = " or ".join(row.numbers) or "without a number"
        return _settle(row, MessageState.WAITING, f"no shipment of {report.carrier} is known as {known[:200]}")
    row.shipment = shipments[0]
    if proof is not None:
        _keep_proof(row, shipments, proof, carrier.title)
    return _settle(row, MessageState.USED, "")


def _keep_proof(row: CarrierMessage, shipments: list[Shipment], proof: DeliveryProof, source: str) -> None:
    for shipment in shipments:
        key = f"{row.connection}:{row.event_id}:{shipment.number}"[:160]
        with correlated(shipment.correlation_id):
            try:
                image = base64.b64decode(proof.image, validate=True)
                record_proof(shipment_id=shipment.pk, proof=proof, image=image, source_key=key, source=source)
            except (UnusableImage, binascii.Error) as error:
                # Name and time are good; only the picture is not.
                record_proof(shipment_id=shipment.pk, proof=proof, image=b"", source_key=key, source=source)
                tell_bad_image(shipment_id=shipment.pk, source=source, why=str(error))


def _settle(row: CarrierMessage, state: MessageState, finding: str) -> CarrierMessage:
    told = (row.state, row.finding) == (state, finding[:500])
    row.state, row.finding = state, finding[:500]
    row.save(update_fields=["state", "finding", "numbers", "shipment"])
    if state == MessageState.USED:
        why = "it could be used"
        resolve_cases(subject_type="carrier_message", subject_id=str(row.pk), resolution=Resolution.RETRIED, reason=why)
    elif not told:
        _tell(row, "unusable" if state == MessageState.FAILED else "early", finding)
    return row


def _tell(row: CarrierMessage, code: str, what: str) -> None:
    title = LogisticsConnection.objects.filter(name=row.connection).values_list("title", flat=True).first()
    open_case(
        kind="carrier.message",
        code=code,
        subject_type="carrier_message",
        subject_id=str(row.pk),
        sentence=f"{title or row.connection}: {what}. It is kept",
        data={"message": str(row.pk)},
    )


def _read(data: Mapping[str, Any]) -> tuple[TrackingReport, DeliveryProof | None]:
    status, proof = data.get("status"), data.get("proof")
    statuses = [from_json(CarrierStatus, status)] if status else []
    found = from_json(DeliveryProof, proof) if proof else None
    for moment in (*(one.at for one in statuses), *((found.at,) if found else ())):
        if moment.tzinfo is None:
            raise ValueError(f"the time {moment.isoformat()} has no offset")
    if not statuses and found is None:
        raise ValueError("it tells neither a status nor a proof")
    report = from_json(TrackingReport, {**data, "statuses": [], "version": "tracking_report/1"})
    return replace(report, statuses=tuple(statuses)), found


def _numbers(report: TrackingReport) -> list[str]:
    named = [report.tracking_number, report.bill_of_lading, *(reference.value for reference in report.references)]
    return [number for number in dict.fromkeys(named) if number]


def _digest(body: bytes) -> str:
    """Of the content, not of its spelling: a poll and a post of the same event are the same."""
    try:
        return content_hash(json.loads(body))
    except (ValueError, RecursionError):
        return content_hash(base64.b64encode(body).decode())
