"""Promise anew what was promised of a receipt that the ERP moved, and what waits for one that it announces.

A feed that brings stock asks for it by a job for each item of which receipts are promised, or for which demands wait.
The job finds out who is concerned and tells it in portions (`supply.moved`); whoever owns the demands locks them and
has them promised anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.outbox import publish
from inventory.choices import ReservationState
from inventory.models import Item, Promise, Reservation
from inventory.process.awaiting import Awaited, awaited_parts, hold_awaited
from inventory.process.promises import ERP, MovedPart, move_promises
from inventory.process.reservations import locked_availability
from inventory.queries.availability import Availability, WarehouseStock, availability_of
from inventory.queries.displaced import HeldPart, displaced_parts
from inventory.registry import demand_sources

REPROMISE_JOB = "inventory.repromise"
PORTION = 25
"""Demands that are promised anew in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """A part and the day it could be promised for now; None where there is none."""

    part: HeldPart
    warehouse_id: int
    warehouse: str
    day: dt.date | None


def ask_to_repromise(*, skus: Collection[str]) -> None:
    """Each of these items of which a receipt is promised, or for which a demand waits, is looked at once more, after
    the commit.
    """
    held = Reservation.objects.filter(state=ReservationState.HELD, due_on__isnull=False, item__sku__in=skus)
    items = set(held.values_list("item_id", flat=True).distinct())
    for item_id in sorted(items.union(*(source.waiting_items(skus) for source in demand_sources()))):
        enqueue_job(REPROMISE_JOB, key=str(item_id), payload={"item": item_id})


@transaction.atomic
def find_displaced(*, item_id: int) -> int:
    """How many demands are told to their owners, in portions: the one promised first before the others, then those that
    can be promised of a receipt now.
    """
    stock = availability_of(item_ids=[item_id])[item_id]
    found = list(_displaced(item_id, stock))
    known = _without_day([d.part.ref for d in found if d.day is None])
    first = sorted((d for d in found if d.day or d.part.ref not in known), key=lambda d: d.part.reserved_at)
    refs = list(dict.fromkeys([*(d.part.ref for d in first), *(one.ref for one in awaited_parts(item_id, stock))]))
    sku = Item.objects.values_list("sku", flat=True).get(pk=item_id)
    for at in range(0, len(refs), PORTION):
        payload = {"item": item_id, "sku": sku, "demands": refs[at : at + PORTION]}
        publish(Event(type="supply.moved", aggregate_type="item", aggregate_id=str(item_id), payload=payload))
    return len(refs)


@transaction.atomic
def repromise(*, item_id: int, wanted_on: Mapping[str, dt.date | None]) -> list[str]:
    """Of these demands, each with the day that it is wanted on, those whose promise is another one now; each has its
    entry in the log, and none is promised for a day before it is wanted. The caller holds their locks.

    A part moves as a whole. One that no announced receipt covers keeps its place in the queue and has no day. What
    nothing was held for is held of a receipt from now on.
    """
    stock = locked_availability(item_ids=[item_id])[item_id]
    moved = [d for d in _displaced(item_id, stock, lock=True) if d.part.ref in wanted_on]
    for displaced in moved:
        if displaced.day is not None:
            _move(displaced)
    parts = [
        MovedPart(
            ref=d.part.ref,
            warehouse=d.warehouse,
            quantity=d.part.quantity,
            was=d.part.due_on,
            now=d.day,
            wanted_on=wanted_on[d.part.ref],
        )
        for d in moved
        if d.part.due_on
    ]
    changed = move_promises(parts=parts, by=ERP)
    awaited = [one for one in _awaited(item_id) if one.ref in wanted_on]
    hold_awaited(item_id=item_id, parts=awaited)
    parts = [
        MovedPart(
            ref=one.ref,
            warehouse=one.warehouse,
            quantity=one.quantity,
            was=None,
            now=one.day,
            wanted_on=wanted_on[one.ref],
        )
        for one in awaited
        if one.was is None
    ]
    return list(dict.fromkeys([*changed, *move_promises(parts=parts, by=ERP)]))


def _awaited(item_id: int) -> list[Awaited]:
    """Behind what is held already; the caller has the stock rows locked."""
    return list(awaited_parts(item_id, locked_availability(item_ids=[item_id])[item_id]))


def _displaced(item_id: int, stock: Availability, *, lock: bool = False) -> Iterator[Displaced]:
    rows = Reservation.objects.filter(item_id=item_id, state=ReservationState.HELD).order_by("pk")
    by_place: dict[int, list[HeldPart]] = {}
    for row in rows.select_for_update(no_key=True) if lock else rows:
        part = HeldPart(
            pk=row.pk, ref=row.demand_ref, quantity=row.quantity, due_on=row.due_on, reserved_at=row.reserved_at
        )
        by_place.setdefault(row.warehouse_id, []).append(part)
    for place in stock.by_warehouse:
        yield from _of_place(place, by_place.get(place.warehouse_id, ()))


def _of_place(place: WarehouseStock, held: Sequence[HeldPart]) -> Iterator[Displaced]:
    days = place.timeline.days
    for part, day in displaced_parts(today=days[0], available=place.figure, supplies=place.supplies, held=held):
        yield Displaced(part=part, warehouse_id=place.warehouse_id, warehouse=place.code, day=day)


def _without_day(refs: Sequence[str]) -> set[str]:
    """The demands that were told already that there is no day."""
    last = Promise.objects.filter(demand_ref__in=refs).order_by("demand_ref", "-pk").distinct("demand_ref")
    return {row.demand_ref for row in last if row.promised_on is None}


def _move(displaced: Displaced) -> None:
    """Held for the new day; with another part of the demand there it becomes one."""
    part = displaced.part
    there = Reservation.objects.filter(
        demand_ref=part.ref, warehouse_id=displaced.warehouse_id, due_on=displaced.day, state=ReservationState.HELD
    ).first()
    if there is None:
        Reservation.objects.filter(pk=part.pk).update(due_on=displaced.day)
        return
    Reservation.objects.filter(pk=there.pk).update(quantity=there.quantity + part.quantity)
    Reservation.objects.filter(pk=part.pk).update(state=ReservationState.RELEASED, ended_at=database_now())
