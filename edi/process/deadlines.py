"""Deadlines: what is due is noted once, warned of before a fee is due, and ended by the document that leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from distportal.calendars.queries import Calendars
from distportal.calendars.working_time import WorkingTime
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from edi.choices import CountedFrom, DueState
from edi.models import DeadlineRule, Document, DueDocument, TradingPartner
from edi.process.due_fees import fee_of
from edi.process.due_planning import calendar_of, plan, plan_again
from edi.process.due_troubles import end_due, tell_missed, tell_near
from edi.queries.agreements import wants
from edi.queries.deadlines import (
    ACKS,
    documents_for,
    groups_without_due,
    orders_without_due,
    partners_with_rules,
    rules_in_force,
    shipments_without_due,
    waiting_due,
)
from orders.choices import OrderStatus

LOOK_BACK = dt.timedelta(days=30)
"""Facts older than this are not noted any more: a rule of today does not judge last year."""
BATCH = 500
_BY_ORDER = (CountedFrom.RECEIVED, CountedFrom.REQUESTED_SHIP)
_BY_SHIPMENT = (CountedFrom.SHIPPED, CountedFrom.DELIVERY)


def watch_deadlines() -> int:
    """How many due documents changed: noted, warned of, missed or gone. Run as often as you like."""
    changed = note_due()
    now = database_now()
    rows, calendars = list(waiting_due(now=now)), Calendars()
    for start in range(0, len(rows), BATCH):
        changed += _settle(rows[start : start + BATCH], now, calendars)
    return changed


@transaction.atomic
def note_due() -> int:
    """How many documents became due: each fact that a rule in force on its day asks a document for, once."""
    since, calendars = database_now() - LOOK_BACK, Calendars()
    fresh = [
        row for partner in partners_with_rules() for row in _due_to(partner, since, calendar_of(partner, calendars))
    ]
    DueDocument.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _due_to(partner: TradingPartner, since: dt.datetime, working: WorkingTime) -> Iterator[DueDocument]:
    rules: dict[str, list[DeadlineRule]] = {}
    for rule in rules_in_force(partner):
        rules.setdefault(rule.set_id, []).append(rule)
    for set_id, dated in rules.items():
        first = max(since, timezone.make_aware(dt.datetime.combine(min(r.valid_from for r in dated), dt.time())))
        counted = {rule.counted_from for rule in dated}
        if set_id in ACKS:
            yield from _due_acks(partner, dated, first, working)
        elif wants(partner, set_id):
            if counted & {*_BY_ORDER}:
                yield from _due_for_orders(partner, set_id, dated, first, working)
            if counted & {*_BY_SHIPMENT}:
                yield from _due_for_shipments(partner, set_id, dated, first, working)


def _due_acks(
    partner: TradingPartner, rules: Sequence[DeadlineRule], since: dt.datetime, working: WorkingTime
) -> Iterator[DueDocument]:
    for group in groups_without_due(partner, since):
        came = group.interchange.file.received_at if group.interchange.file else group.interchange.created_at
        rule = _in_force(rules, came, (CountedFrom.RECEIVED,))
        if rule:
            yield _due(
                rule, came, working, f"group:{group.pk}",
                group_id=group.pk, correlation_id=group.interchange.correlation_id,
            )  # fmt: skip


def _due_for_orders(
    partner: TradingPartner, set_id: str, rules: Sequence[DeadlineRule], since: dt.datetime, working: WorkingTime
) -> Iterator[DueDocument]:
    for document in orders_without_due(partner, set_id, since):
        order = document.order
        if order is None:
            continue
        asked = working.end_of(order.requested_on) if order.requested_on else None
        rule = _in_force(rules, document.created_at, _BY_ORDER)
        start = document.created_at if rule and rule.counted_from == CountedFrom.RECEIVED else asked
        if rule and start:
            yield _due(
                rule, start, working, f"order:{order.pk}",
                order_id=order.pk, currency=order.currency, correlation_id=order.correlation_id,
            )  # fmt: skip


def _due_for_shipments(
    partner: TradingPartner, set_id: str, rules: Sequence[DeadlineRule], since: dt.datetime, working: WorkingTime
) -> Iterator[DueDocument]:
    for shipment in shipments_without_due(partner, set_id, since):
        rule = _in_force(rules, shipment.shipped_at, _BY_SHIPMENT)
        start: dt.datetime | None = shipment.shipped_at
        if rule and rule.counted_from == CountedFrom.DELIVERY:
            start = working.end_of(shipment.estimated_delivery_on) if shipment.estimated_delivery_on else None
        if rule and start:
            yield _due(
                rule, start, working, f"shipment:{shipment.pk}",
                order_id=shipment.order_id, shipment_id=shipment.pk, currency=shipment.order.currency,
                correlation_id=shipment.correlation_id,
            )  # fmt: skip


def _in_force(
    rules: Sequence[DeadlineRule], at: dt.datetime, counted_from: Sequence[CountedFrom]
) -> DeadlineRule | None:
    day = site_day(at)
    held = (r for r in rules if r.valid_from <= day and (r.valid_until is None or day <= r.valid_until))
    rule = next(held, None)
    return rule if rule and rule.counted_from in counted_from else None


def _due(rule: DeadlineRule, start: dt.datetime, working: WorkingTime, subject: str, **facts: object) -> DueDocument:
    made = asdict(plan(rule, start, working))
    return DueDocument(partner_id=rule.partner_id, rule=rule, set_id=rule.set_id, subject=subject, **made, **facts)


@transaction.atomic
def _settle(rows: Sequence[DueDocument], now: dt.datetime, calendars: Calendars) -> int:
    left = documents_for(rows)
    changed = 0
    for row in rows:
        with correlated(row.correlation_id):
            if row.state == DueState.OPEN and plan_again(row, calendar_of(row.partner, calendars)):
                end_due(row, "its calendar changed, it is due at another time")
                changed += 1
            changed += _settle_one(row, left.get(row.pk), now)
    return changed


def _settle_one(row: DueDocument, document: Document | None, now: dt.datetime) -> bool:
    """Whether the row changed. Compare-and-set: of two watchers one settles and tells."""
    if document is not None and document.sent_at is not None:
        late = document.sent_at > row.due_at
        state = DueState.MISSED if late else DueState.MET
        moved = _move(row, state, document_id=document.pk, left_at=document.sent_at, fee=_fee(row) if late else 0)
        if moved:
            end_due(row, f"the {row.set_id} left{' late' if late else ''}")
        return moved
    if row.order and row.order.status in OrderStatus.DEAD and row.set_id != "855":
        moved = _move(row, DueState.VOID)
        if moved:
            end_due(row, f"{row.order} is {row.order.get_status_display().lower()}")
        return moved
    if row.state == DueState.OPEN and now > row.due_at:
        moved = _move(row, DueState.MISSED, fee=_fee(row))
        if moved:
            row.refresh_from_db(fields=["fee"])
            tell_missed(row)
        return moved
    return row.state == DueState.OPEN and now >= row.warn_at and tell_near(row)


def _move(row: DueDocument, state: DueState, **facts: object) -> bool:
    rows = DueDocument.objects.filter(pk=row.pk, state=row.state, left_at=None)
    return bool(rows.update(state=state, **facts))


def _fee(row: DueDocument) -> Decimal:
    rule = row.rule
    total = row.order.total if row.order else Decimal(0)
    cartons = row.shipment.cartons if row.shipment else 0
    return fee_of(
        kind=rule.fee_kind, amount=rule.fee_amount, minimum=rule.fee_minimum, total=total, cartons=cartons
    )  # fmt: skip
