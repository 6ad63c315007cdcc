"""Take one thing that a warehouse system told: kept as told, used once, and a case where it does not fit."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import content_hash, from_json, to_json
from distportal.canonical.warehouse import WarehouseShipment
from distportal.observability.correlation import correlated, correlation_id
from distportal.systems.models import LogisticsConnection
from distportal.systems.wms.port import WmsEvent
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import EventState, FloorStage
from orders.models import WarehouseEvent, WarehouseRelease
from orders.process.case_facts import about
from orders.process.floor import note_stage
from orders.process.locks import locked_order
from orders.process.warehouse import record_advice
from orders.queries.warehouses import release_named

_STAGES = {"picked": FloorStage.PICKING, "packed": FloorStage.PACKED, "cancelled": FloorStage.CANCELLED}
_UNREADABLE = (KeyError, ValueError, TypeError, ArithmeticError, AttributeError)


@transaction.atomic
def take_event(*, connection: str, event: WmsEvent) -> WarehouseEvent:
    """The event's row. Told again nothing changes; told otherwise under its id the first one holds, with a case."""
    payload = _storable(to_json(dict(event.payload)))
    digest = content_hash({"kind": event.kind, "reference": event.reference, "payload": payload})
    fresh = WarehouseEvent(
        connection=connection,
        event_id=_storable(event.event_id)[:120],
        kind=_storable(event.kind)[:20],
        reference=_storable(event.reference)[:40],
        occurred_at=event.occurred_at,
        payload=payload,
        content_hash=digest,
        state=EventState.USED,
        correlation_id=correlation_id(),
    )
    WarehouseEvent.objects.bulk_create([fresh], ignore_conflicts=True)
    row = WarehouseEvent.objects.select_for_update(of=("self",), no_key=True).get(
        connection=connection, event_id=fresh.event_id
    )
    if row.pk == fresh.pk:
        _use(row)
    elif row.content_hash != digest:
        _tell(row, "conflict", f"event {row.event_id} was told again with other content; the first one holds")
    return row


@transaction.atomic
def retake_event(*, event_id: UUID) -> WarehouseEvent:
    """The event that could not be used, tried again."""
    row = WarehouseEvent.objects.select_for_update(of=("self",), no_key=True).get(pk=event_id)
    if row.state in (EventState.UNKNOWN, EventState.FAILED):
        _use(row)
    return row


def _storable(value: Any) -> Any:
    """The same without what a JSON column cannot hold: one such event must not hold up the feed."""
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


def _use(row: WarehouseEvent) -> None:
    release = (
        None if row.kind == "stock_adjusted" else release_named(connection=row.connection, reference=row.reference)
    )
    row.release, row.finding = release, ""
    if row.kind == "stock_adjusted":
        row.state = EventState.USED if _countable(row) else EventState.FAILED
    elif release is None:
        row.state, row.finding = EventState.UNKNOWN, f"we gave no order {row.reference or 'without a number'}"
    else:
        row.correlation_id = release.correlation_id
        with correlated(release.correlation_id):
            row.state = _follow(row, release)
    if row.state == EventState.FAILED:
        row.finding = row.finding or f"a {row.kind or 'nameless'} event that cannot be read"
    row.save(update_fields=["release", "finding", "state", "correlation_id"])
    if row.state in (EventState.UNKNOWN, EventState.FAILED):
        _tell(row, "unknown" if row.state == EventState.UNKNOWN else "unreadable", row.finding)
    else:
        reason = "it could be used now"
        resolve_cases(
            subject_type="warehouse_event", subject_id=str(row.pk), resolution=Resolution.RETRIED, reason=reason
        )


def _follow(row: WarehouseEvent, release: WarehouseRelease) -> EventState:
    locked_order(release.order_id)
    release.refresh_from_db()
    ended = release.purpose == "cancel" and release.state != "rejected"
    if row.kind == "shipped":
        try:
            fact = from_json(WarehouseShipment, {**row.payload, "order_number": release.reference})
        except _UNREADABLE as error:
            row.finding = f"the shipment cannot be read: {error!r}"[:500]
            return EventState.FAILED
        record_advice(
            fact=fact,
            order_id=release.order_id,
            warehouse_id=release.warehouse_id,
            source_key=f"wms:{row.connection}:{release.reference}:{fact.number}"[:120],
            source=title_of(row.connection),
            ended=ended,
        )
    elif row.kind in _STAGES:
        moved = note_stage(release, _STAGES[row.kind])
        if row.kind == "cancelled" and moved and not ended:
            what = f"will not ship {release.reference}, which nobody took back"
            _tell_of(release, "warehouse.dropped", "dropped", f"{title_of(row.connection)} {what}")
        elif row.kind != "cancelled" and ended:
            what = f"goes on with {release.reference} ({row.kind}), which we have taken back"
            _tell_of(release, "warehouse.after_cancel", "after_cancel", f"{title_of(row.connection)} {what}")
    else:
        return EventState.FAILED
    return EventState.LATE if ended and row.kind != "cancelled" else EventState.USED


def _countable(row: WarehouseEvent) -> bool:
    """Whether the adjustment says an item and a quantity. The ERP's figure stays the one that counts."""
    try:
        quantity = Decimal(str(row.payload["quantity"]))
        reason = row.payload.get("reason", "no reason told")
        row.finding = f"{quantity:+f} {row.payload.get('unit', '')} of {row.payload['sku']}: {reason}"[:500]
    except _UNREADABLE:
        return False
    return quantity.is_finite()


def title_of(connection: str) -> str:
    """What people call the warehouse system."""
    return LogisticsConnection.objects.filter(name=connection).values_list("title", flat=True).first() or connection


def _tell_of(release: WarehouseRelease, kind: str, code: str, sentence: str) -> None:
    open_case(
        kind=kind,
        code=code,
        subject_type="warehouse_release",
        subject_id=str(release.pk),
        sentence=sentence,
        **about(release.order),
        data={"order": str(release.order_id)},
    )


def _tell(row: WarehouseEvent, code: str, what: str) -> None:
    open_case(
        kind="warehouse.event",
        code=code,
        subject_type="warehouse_event",
        subject_id=str(row.pk),
        sentence=f"{title_of(row.connection)}, {row.occurred_at:%d %b %H:%M}: {what}. It is kept",
        account=row.release.order.account if row.release else None,
        data={"event": str(row.pk), "order": str(row.release.order_id) if row.release else ""},
    )
