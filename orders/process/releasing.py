"""Decide what each warehouse system is asked to ship for an order; the asking itself is a job of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import content_hash, from_json, to_json
from distportal.canonical.parts import Address
from distportal.canonical.warehouse import WarehouseOrder
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from distportal.systems.logistics import warehouse_services
from orders.choices import ReleaseState
from orders.models import Order, WarehouseRelease
from orders.process.locks import locked_order, locked_release
from orders.process.warehouse_orders import following, told_to_warehouses, wanted_of
from orders.queries.warehouses import last_release, served_warehouses, shipping_places, was_released

if TYPE_CHECKING:
    from inventory.models import Warehouse

RELEASE_JOB = "orders.send_release"


@transaction.atomic
def plan_releases(*, order_id: UUID) -> list[WarehouseRelease]:
    """The instructions that bring each warehouse system to what the order says now; none where it knows that already.

    A system that was asked before is asked under its own connection again, even where another serves the place now.
    """
    services = warehouse_services()
    if not services and not was_released(order_id=order_id):
        return []
    order = locked_order(order_id)
    if not told_to_warehouses(order):
        return []
    places = shipping_places(order)
    codes = set(places.values()) & services.keys()
    made = []
    with correlated(order.correlation_id):
        for warehouse in served_warehouses(order, codes):
            row = services.get(warehouse.code)
            named = (row.name, row.serves[warehouse.code] or warehouse.code) if row else ("", warehouse.code)
            release = _plan(order, places, warehouse, *named)
            made += [release] if release else []
    return made


def _plan(
    order: Order, places: Mapping[str, str], warehouse: Warehouse, connection: str, their_code: str
) -> WarehouseRelease | None:
    last = last_release(order_id=order.pk, warehouse_id=warehouse.pk)
    last = locked_release(last.pk) if last else None
    known, sequence = _in_force(order, warehouse), last.sequence + 1 if last else 1
    before = from_json(WarehouseOrder, known.canonical) if known else None
    wanted = wanted_of(order, places, warehouse.code, Address(code=their_code, name=warehouse.name))
    now = following(before, wanted, number=f"{order}-{warehouse.code}"[:22], sequence=sequence)
    if last is not None and last.state == ReleaseState.PENDING:
        if now is not None and _same(now, last):
            return None
        # Nobody heard of it yet, and it is no longer what is wanted.
        last.state = ReleaseState.WITHDRAWN
        last.save(update_fields=["state"])
    return _store(order, warehouse, known.connection if known else connection, sequence, now) if now else None


def _same(now: WarehouseOrder, row: WarehouseRelease) -> bool:
    waiting = from_json(WarehouseOrder, row.canonical)
    return content_hash(replace(now, number="")) == content_hash(replace(waiting, number=""))


def _in_force(order: Order, warehouse: Warehouse) -> WarehouseRelease | None:
    """What the warehouse was told last, or may have been told."""
    untold = (ReleaseState.PENDING, ReleaseState.WITHDRAWN, ReleaseState.REJECTED)
    rows = WarehouseRelease.objects.filter(order=order, warehouse=warehouse).exclude(state__in=untold)
    return rows.order_by("-sequence").first()


def _store(
    order: Order, warehouse: Warehouse, connection: str, sequence: int, now: WarehouseOrder
) -> WarehouseRelease | None:
    if not connection:
        return None
    row = WarehouseRelease.objects.create(
        order=order,
        warehouse=warehouse,
        connection=connection,
        reference=now.number,
        sequence=sequence,
        purpose=now.purpose,
        canonical=to_json(now),
        content_hash=content_hash(now),
        correlation_id=order.correlation_id,
    )
    queue_release(row)
    return row


def queue_release(row: WarehouseRelease) -> None:
    """The instruction is brought to its warehouse after the commit."""
    enqueue_job(RELEASE_JOB, key=str(row.pk), payload={"release": str(row.pk)}, share=row.order.account.code)
