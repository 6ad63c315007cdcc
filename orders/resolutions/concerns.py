"""What work that was given up is about: the order, dispute or return behind it, with what it blocks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from distportal.events.models import OutboxEvent
from distportal.events.registry import DeadWork
from exceptions.registry import Concern, add_concern_finder
from orders.models import ErpCommand, Order, WarehouseRelease
from orders.process.case_facts import about


@add_concern_finder
def order_behind(dead: DeadWork) -> Concern | None:
    """The order that a job's payload or an event names, by itself or through a command, release or event."""
    order = _order(dict(dead.data.get("payload") or {}), str(dead.data.get("aggregate", "")))
    if order is None:
        return None
    facts = about(order)
    return Concern(
        reference=facts["reference"], account=facts["account"], amount=facts["amount"], currency=facts["currency"]
    )


def _order(payload: dict[str, Any], aggregate: str) -> Order | None:
    rows = Order.objects.select_related("account", "ship_to")
    if pk := _uuid(payload.get("command")):
        return rows.filter(pk__in=ErpCommand.objects.filter(pk=pk).values("order")).first()
    if pk := _uuid(payload.get("release")):
        return rows.filter(pk__in=WarehouseRelease.objects.filter(pk=pk).values("order")).first()
    if pk := _uuid(payload.get("event")):
        event = OutboxEvent.objects.filter(pk=pk).first()
        return _order({"order": event.payload.get("order")}, "") if event else None
    kind, _, subject = aggregate.partition("/")
    pk = _uuid(payload.get("order") or (subject if kind == "order" else None))
    return rows.filter(pk=pk).first() if pk else None


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
