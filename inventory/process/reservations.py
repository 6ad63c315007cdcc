"""Hold stock for a demand until the ERP's own figure includes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from distportal.events.clock import database_now
from inventory.choices import ReservationState
from inventory.errors import NowhereStocked
from inventory.models import Reservation, StockLevel, Warehouse
from inventory.queries.availability import availability_of


@transaction.atomic
def pick_warehouse(*, item_id: int, quantity: Decimal) -> tuple[Warehouse, Decimal]:
    """The warehouse that serves the quantity best, and what is free there now; its stock row stays locked until commit.

    The nearest to enough wins: one that has all of it and least to spare, else the one that has most.
    Raises NowhereStocked.
    """
    levels = list(
        StockLevel.objects.select_for_update(of=("self",))
        .filter(item_id=item_id)
        .select_related("warehouse")
        .order_by("pk")
    )
    if not levels:
        raise NowhereStocked("no warehouse stocks this item; nothing was reserved", item=item_id)
    free = {w.warehouse_id: w.available for w in availability_of(item_ids=[item_id])[item_id].by_warehouse}
    enough = [level for level in levels if free[level.warehouse_id] >= quantity]
    best = (
        min(enough, key=lambda level: (free[level.warehouse_id], level.pk))
        if enough
        else max(levels, key=lambda level: (free[level.warehouse_id], -level.pk))
    )
    return best.warehouse, free[best.warehouse_id]


@transaction.atomic
def reserve(*, demand_ref: str, item_id: int, warehouse_id: int, quantity: Decimal) -> Reservation:
    """The held reservation of this demand in this warehouse, at this quantity, whether it was there before or not."""
    row, _ = Reservation.objects.update_or_create(
        demand_ref=demand_ref,
        warehouse_id=warehouse_id,
        state=ReservationState.HELD,
        defaults={"item_id": item_id, "quantity": quantity},
    )
    return row


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
