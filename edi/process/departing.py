"""Wait for what goes on the same load, where a partner wants one ship notice for all of it; then announce it once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import content_hash
from distportal.common.errors import DomainError
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from edi.choices import Direction
from edi.models import DepartedShipment, Departure, Document, TradingPartner
from edi.process.control_numbers import hold_numbers
from edi.process.jobs import DEPART_JOB
from edi.process.noticing import notice_key, send_notice
from edi.queries.agreements import terms
from edi.queries.departures import departure_of, departures_pressed, load_key, notified_partner, shipments_of
from edi.queries.documents import sent_document
from edi.queries.facts import shipment_of
from edi.x12.errors import WriteError

if TYPE_CHECKING:
    from orders.models import Shipment

MARGIN = dt.timedelta(minutes=10)
"""A departure closes so long before the deadline of any of its ship notices, whatever it still waits for."""


@transaction.atomic
def announce_shipment(*, shipment_id: UUID, now: bool = False) -> Document | None:
    """The 856 of the shipment; None where no partner waits for one, or while the shipment waits for others of its load.

    With `now` it is announced at once, together with what waits with it.
    """
    row = shipment_of(shipment_id=shipment_id)
    partner = notified_partner(row)
    if partner is None:
        return None
    hold_numbers(partner=partner)
    sent = sent_document(set_id="856", business_key=notice_key(row))
    if sent is not None:
        return sent
    known = departure_of(shipment_id=row.pk)
    key = load_key(row) if terms(partner, Direction.OUT, "856").asn_scope == "load" else ""
    if known is None and not key:
        return send_notice(partner=partner, rows=[row])
    departure = known or _board(partner, row, key)
    if departure.document is None and now:
        return announce_departure(departure_id=departure.pk)
    return departure.document


def _board(partner: TradingPartner, row: Shipment, key: str) -> Departure:
    """The open departure of that load with the shipment in it. The caller holds the partner's numbers."""
    departure = Departure.objects.filter(partner=partner, key=key, document=None).first()
    if departure is None:
        minutes = terms(partner, Direction.OUT, "856").asn_wait_minutes
        closes_at = database_now() + dt.timedelta(minutes=minutes)
        departure = Departure.objects.create(partner=partner, key=key, closes_at=closes_at)
        payload = {"departure": str(departure.pk)}
        enqueue_job(DEPART_JOB, key=str(departure.pk), payload=payload, delay=minutes * 60.0)
    DepartedShipment.objects.create(departure=departure, shipment=row)
    return departure


@transaction.atomic
def announce_departure(*, departure_id: UUID) -> Document | None:
    """The one 856 of all that is in the departure, sent now or before. What cannot be announced leaves it and has a
    departure, and a failure, of its own; the rest goes. Raises what stops a departure of one shipment.
    """
    departure = Departure.objects.select_related("partner__account", "document").get(pk=departure_id)
    hold_numbers(partner=departure.partner)
    departure.refresh_from_db(fields=["document"])
    if departure.document is not None:
        return departure.document
    rows = shipments_of(departure)
    if len(rows) > 1:
        rows = [row for row in rows if _can_be_told(departure, row)]
    if not rows:
        return None
    with correlated(rows[0].correlation_id):
        departure.document = send_notice(partner=departure.partner, rows=rows)
    departure.save(update_fields=["document"])
    return departure.document


def _can_be_told(departure: Departure, row: Shipment) -> bool:
    try:
        with transaction.atomic():
            send_notice(partner=departure.partner, rows=[row])
            transaction.set_rollback(True)
    except (DomainError, WriteError):
        alone = Departure.objects.create(
            partner=departure.partner, key=content_hash([departure.key, row.number]), closes_at=database_now()
        )
        DepartedShipment.objects.filter(shipment=row).update(departure=alone)
        enqueue_job(DEPART_JOB, key=str(alone.pk), payload={"departure": str(alone.pk)})
        return False
    return True


def announce_pressed() -> int:
    """How many departures were announced because a deadline comes near, before what they waited for came."""
    pressed = departures_pressed(by=database_now() + MARGIN)
    for departure_id in pressed:
        # By its own job: one that cannot be announced must not stop the watch over the others.
        enqueue_job(DEPART_JOB, key=str(departure_id), payload={"departure": str(departure_id)})
    return len(pressed)
