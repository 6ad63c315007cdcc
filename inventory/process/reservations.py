"""Hold stock for a demand until the ERP's own figure includes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F

from distportal.events.clock import database_now
from inventory.choices import ReservationState
from inventory.errors import NowhereStocked
from inventory.models import Reservation, StockLevel
from inventory.queries.availability import Availability, availability_of

_WRITE_HELD = """
INSERT INTO inventory_reservation
       (id, created_at, updated_at, item_id, warehouse_id, demand_ref, quantity, state)
SELECT gen_random_uuid(), now(), now(), item_id, warehouse_id, demand_ref, quantity, 'held'
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::numeric[]) AS t (item_id, warehouse_id, demand_ref, quantity)
ON CONFLICT (demand_ref, warehouse_id) WHERE state = 'held'
DO UPDATE SET item_id = EXCLUDED.item_id, quantity = EXCLUDED.quantity, updated_at = EXCLUDED.updated_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """So much of an item in base units; `ref` names what it is for, and is told again at every repeat."""

    ref: str
    item_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The warehouse that serves a demand, and how much of it is held there now."""

    warehouse_id: int
    warehouse_code: str
    quantity: Decimal


@transaction.atomic(savepoint=False)
def locked_availability(*, item_ids: Collection[int]) -> dict[int, Availability]:
    """As `availability_of`, and it stays so until commit: the stock rows are locked, in the order of their keys."""
    locks = StockLevel.objects.select_for_update().filter(item_id__in=item_ids).order_by("pk")
    list(locks.values_list("pk"))
    return availability_of(item_ids=item_ids)


@transaction.atomic(savepoint=False)
def hold_stock(*, demands: Sequence[Demand], stock: Mapping[int, Availability]) -> list[Holding]:
    """A holding per demand, in order; each demand sees what those before it took. `stock` is what
    `locked_availability` gave in this transaction.

    The nearest to enough wins: a warehouse that has all of it and least to spare, else the one that has most.
    Raises NowhereStocked.
    """
    free = {
        item_id: {place.warehouse_id: place.available for place in at.by_warehouse} for item_id, at in stock.items()
    }
    codes = {place.warehouse_id: place.code for at in stock.values() for place in at.by_warehouse}
    holdings = [_hold(demand, free[demand.item_id], codes) for demand in demands]
    _write_held({(d.ref, h.warehouse_id): (d, h) for d, h in zip(demands, holdings, strict=True) if h.quantity > 0})
    return holdings


def _hold(demand: Demand, free: dict[int, Decimal], codes: Mapping[int, str]) -> Holding:
    """`free` is what each warehouse has left of the item; the holding is taken off."""
    if not free:
        raise NowhereStocked("no warehouse stocks this item; nothing was reserved", item=demand.item_id)
    places = sorted(free)
    enough = [place for place in places if free[place] >= demand.quantity]
    best = min(enough, key=free.__getitem__) if enough else max(places, key=free.__getitem__)
    quantity = min(free[best], demand.quantity)
    free[best] -= quantity
    return Holding(warehouse_id=best, warehouse_code=codes[best], quantity=quantity)


def _write_held(wanted: Mapping[tuple[str, int], tuple[Demand, Holding]]) -> None:
    """What is held for a demand in a warehouse already is held at the new quantity."""
    if not wanted:
        return
    columns = [
        (demand.item_id, warehouse_id, ref, holding.quantity)
        for (ref, warehouse_id), (demand, holding) in wanted.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_HELD, [list(column) for column in zip(*columns, strict=True)])


@transaction.atomic
def release(*, demand_refs: Sequence[str]) -> int:
    """How many held reservations are free again."""
    return Reservation.objects.filter(demand_ref__in=demand_refs, state=ReservationState.HELD).update(
        state=ReservationState.RELEASED, ended_at=database_now()
    )


@transaction.atomic
def note_erp_allocation(*, demand_refs: Sequence[str], at: dt.datetime) -> None:
    """The ERP took the demand at `at` (its clock): figures from then on include it, so the holding ends with them."""
    held = Reservation.objects.filter(demand_ref__in=demand_refs, state=ReservationState.HELD)
    held.update(erp_allocated_at=at)
    end_seen(item_ids=list(held.values_list("item_id", flat=True)))


def end_seen(*, item_ids: Sequence[int]) -> int:
    """How many reservations ended because their stock figure is as new as the ERP's allocation."""
    return Reservation.objects.filter(
        item_id__in=item_ids,
        state=ReservationState.HELD,
        erp_allocated_at__isnull=False,
        item__stock__warehouse_id=F("warehouse_id"),
        item__stock__as_of__gte=F("erp_allocated_at"),
    ).update(state=ReservationState.SEEN, ended_at=database_now())
