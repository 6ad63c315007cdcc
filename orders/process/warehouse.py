"""Record what a warehouse says it shipped (945). What counts is what the ERP books; both are compared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction

from distportal.canonical.base import content_hash, plain, to_json
from distportal.canonical.warehouse import WarehouseShipment
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from exceptions.process.cases import open_case
from inventory.queries.items import items_named
from orders.choices import FloorStage
from orders.models import Order, WarehouseAdvice
from orders.process.advised_lines import AdvisedQuantities, read_lines
from orders.process.booking import match_advices
from orders.process.case_facts import about
from orders.process.facts import publish_order_fact
from orders.process.floor import note_stage
from orders.process.locks import locked_order
from orders.queries.warehouses import last_release


@dataclass(frozen=True, slots=True)
class AdviceOutcome:
    """What became of an advice: recorded now, the same as before, or refused because it contradicts an earlier one."""

    advice: WarehouseAdvice
    outcome: Literal["recorded", "repeated", "conflict"]


@transaction.atomic
def record_advice(
    *,
    fact: WarehouseShipment,
    order_id: UUID,
    warehouse_id: int,
    source_key: str,
    source: str,
    ended: bool = False,
) -> AdviceOutcome:
    """The departure is recorded once per `source_key` and compared with what the ERP booked; nothing is shipped by it.

    What does not fit the order, a short or over shipment, and goods that we had taken back (`ended`) are one case.
    Raises Order.DoesNotExist.
    """
    order = locked_order(order_id)
    digest = content_hash(fact)
    known = WarehouseAdvice.objects.filter(source_key=source_key).first()
    with correlated(order.correlation_id):
        if known is not None:
            if known.content_hash == digest:
                return AdviceOutcome(known, "repeated")
            _tell_conflict(known)
            return AdviceOutcome(known, "conflict")
        row = _store(order, fact, warehouse_id, source_key, source, digest, ended=ended)
        match_advices(order)
        release = last_release(order_id=order.pk, warehouse_id=warehouse_id)
        if release is not None:
            note_stage(release, FloorStage.SHIPPED)
        publish_order_fact(order, "order.warehouse_shipped", advice=str(row.pk))
    return AdviceOutcome(row, "recorded")


def _store(
    order: Order, fact: WarehouseShipment, warehouse_id: int, source_key: str, source: str, digest: str, *, ended: bool
) -> WarehouseAdvice:
    """The row, with one case for everything that does not fit."""
    told = _told(order, fact, warehouse_id)
    if ended:
        told = replace(told, findings=("it left after we had taken it back", *told.findings))
    row = WarehouseAdvice.objects.create(
        source_key=source_key,
        content_hash=digest,
        number=fact.number,
        source=source,
        order=order,
        warehouse_id=warehouse_id,
        lines={line_no: plain(quantity) for line_no, quantity in told.quantities.items()},
        parts=[list(part) for part in told.parts],
        findings=list(told.findings),
        canonical=to_json(fact),
        correlation_id=order.correlation_id,
        due_at=database_now() + dt.timedelta(hours=settings.WAREHOUSE_BOOKING_HOURS),
    )
    if told.findings:
        _tell_odd(row, told)
    return row


def _told(order: Order, fact: WarehouseShipment, warehouse_id: int) -> AdvisedQuantities:
    lines = list(order.lines.select_related("item").order_by("position"))
    items = items_named(account_id=order.account_id, names=[line.items for line in fact.lines])
    earlier = list(order.advices.values_list("lines", flat=True))
    return read_lines(fact=fact, items=items, lines=lines, earlier=earlier, warehouse_id=warehouse_id)


def _tell_odd(row: WarehouseAdvice, told: AdvisedQuantities) -> None:
    open_case(
        kind="warehouse.odd_advice",
        code="odd_advice",
        subject_type="warehouse_advice",
        subject_id=str(row.pk),
        sentence=f"{row.source} shipped {row.number} of {row.order} from {row.warehouse}: {told.findings[0]}"
        + (f" (and {len(told.findings) - 1} more)" if len(told.findings) > 1 else ""),
        **about(row.order),
        data={"order": str(row.order_id), "sentences": list(told.findings)[:50]},
    )


def _tell_conflict(row: WarehouseAdvice) -> None:
    open_case(
        kind="warehouse.advice_conflict",
        code="advice_conflict",
        subject_type="warehouse_advice",
        subject_id=str(row.pk),
        sentence=f"{row.source} told shipment {row.number} of {row.order} a second time, with other content. The first "
        "one holds; nothing of the second was taken",
        **about(row.order),
        data={"order": str(row.order_id)},
    )
