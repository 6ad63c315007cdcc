"""Hold stock for a demand until the ERP's own figure includes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BigIntegerField, CharField, Q, QuerySet

from distportal.common.among import Among
from distportal.common.marks import SOME_IDS, SOME_TEXTS
from distportal.common.prepared import PreparedValues
from distportal.events.clock import database_now
from distportal.systems.ownership import DEFAULT
from inventory.choices import ReservationState
from inventory.errors import NowhereStocked
from inventory.models import Reservation, StockLevel
from inventory.queries.availability import Availability, StockView
from inventory.queries.places import best_places
from inventory.queries.sourcing import Part, Sourcing

_WRITE_HELD = """
WITH wanted AS (
  SELECT *
    FROM unnest(%(items)s::bigint[], %(warehouses)s::bigint[], %(refs)s::text[], %(days)s::date[],
                %(quantities)s::numeric[], %(good)s::date[])
         AS t (item_id, warehouse_id, demand_ref, due_on, quantity, good_until)
), before AS MATERIALIZED (
  SELECT id FROM inventory_reservation
   WHERE state = 'held' AND demand_ref = ANY(%(demands)s) ORDER BY id FOR NO KEY UPDATE
), given_back AS (
  UPDATE inventory_reservation r
     SET state = 'released', ended_at = clock_timestamp(), updated_at = now()
   WHERE r.id IN (SELECT id FROM before)
     AND NOT EXISTS (SELECT FROM wanted w WHERE w.demand_ref = r.demand_ref AND w.warehouse_id = r.warehouse_id
                                            AND w.due_on IS NOT DISTINCT FROM r.due_on)
)
INSERT INTO inventory_reservation
       (id, created_at, updated_at, item_id, warehouse_id, demand_ref, due_on, quantity, good_until, state)
SELECT gen_random_uuid(), now(), now(), item_id, warehouse_id, demand_ref, due_on, quantity, good_until, 'held'
  FROM wanted
 WHERE (SELECT count(*) FROM before) >= 0  -- what is held is locked in order before any of it is changed
ON CONFLICT (demand_ref, warehouse_id, due_on) WHERE state = 'held'
DO UPDATE SET item_id = EXCLUDED.item_id, quantity = EXCLUDED.quantity, good_until = EXCLUDED.good_until,
              updated_at = EXCLUDED.updated_at
"""
"""A demand that moved to another warehouse or day is held there alone: what it held before is free."""
_NOTE_TAKEN = """
UPDATE inventory_reservation r SET erp_allocated_at = t.at
  FROM unnest(%s::text[], %s::timestamptz[]) AS t (ref, at)
 WHERE r.demand_ref = t.ref AND r.id = ANY(%s::uuid[]) AND EXISTS (
   SELECT FROM inventory_stocklevel s WHERE s.item_id = r.item_id AND s.warehouse_id = r.warehouse_id AND s.erp = %s)
"""
_END_SEEN = """
WITH seen AS (
  SELECT r.id
    FROM inventory_reservation r
    JOIN inventory_stocklevel s ON s.item_id = r.item_id AND s.warehouse_id = r.warehouse_id
   WHERE r.state = 'held' AND r.item_id = ANY(%s) AND r.erp_allocated_at <= s.as_of
     AND (r.due_on IS NULL OR s.supply_on IS NULL OR r.left_at <= s.as_of)
   ORDER BY r.id
     FOR NO KEY UPDATE OF r
)
UPDATE inventory_reservation r
   SET state = 'seen', ended_at = clock_timestamp()
  FROM seen
 WHERE r.id = seen.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """So much of an item in base units, in whole multiples of the sales unit; `ref` names what it is for, and is told
    again at every repeat. A warehouse that sends a further part sends `least` or more.
    """

    ref: str
    item_id: int
    quantity: Decimal
    multiple: Decimal = Decimal(1)
    wanted_on: dt.date | None = None
    least: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many warehouses may send one demand, and all demands together; None is any number. `also` is asked only
    where several would send, for a limit that is dearer to know.
    """

    split: int = 1
    places: int | None = None
    also: Callable[[], int | None] = lambda: None


ONE_EACH = Limits()


def _held(refs: list[str]) -> QuerySet[Reservation, Any]:
    rows = Reservation.objects.filter(Among("demand_ref", refs, of=CharField()), state=ReservationState.HELD)
    return rows.order_by("pk").values_list("pk", "item_id")


_HELD = PreparedValues(_held, SOME_TEXTS)
_LOCK_HELD = PreparedValues(lambda refs: _held(refs).select_for_update(no_key=True), SOME_TEXTS)
_LOCK_STOCK = PreparedValues(
    lambda ids: (
        StockLevel.objects.select_for_update(no_key=True)
        .filter(Among("item_id", ids, of=BigIntegerField()))
        .order_by("item_id", "warehouse_id")
        .values_list("pk")
    ),
    SOME_IDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The warehouse that serves a demand first, how much is held now, and all parts with their days."""

    warehouse_id: int
    warehouse_code: str
    quantity: Decimal
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """A demand of which all has left, or what one warehouse sends of it."""

    ref: str
    warehouse: str = ""


@transaction.atomic(savepoint=False)
def locked_availability(*, item_ids: Collection[int], shelf_life: int | None = None) -> dict[int, Availability]:
    """As `availability_of`, and it stays so until commit: the stock rows are locked, in the order of their keys."""
    return locked_stock(item_ids=item_ids).of(item_ids=item_ids, shelf_life=shelf_life)


def locked_stock(*, item_ids: Collection[int]) -> StockView:
    """The view of these items, from which many demands can be planned one after the other; their stock rows stay
    locked until commit, so nobody else takes of them meanwhile.
    """
    lock_stock(item_ids)
    return StockView(item_ids)


def lock_stock(item_ids: Collection[int]) -> None:
    """Stock rows before reservations, both in the order of their keys: so does everybody."""
    if item_ids:
        _LOCK_STOCK(list(item_ids))


@transaction.atomic(savepoint=False)
def hold_stock(
    *, demands: Sequence[Demand], stock: Mapping[int, Availability], limits: Limits = ONE_EACH
) -> list[Holding]:
    """A holding per demand, in order; each demand sees what those before it took. `stock` is what
    `locked_availability` gave in this transaction.

    The nearest to enough wins (see Sourcing). What waits for a supply is held of that supply. Raises NowhereStocked.
    """
    holdings = planned_holdings(demands=demands, stock=stock, limits=limits)
    write_holdings(demands=demands, holdings=holdings)
    return holdings


def planned_holdings(
    *, demands: Sequence[Demand], stock: Mapping[int, Availability], limits: Limits = ONE_EACH
) -> list[Holding]:
    """What `hold_stock` would hold; nothing is written. Raises NowhereStocked."""
    holdings = _planned(demands, stock, limits.split, limits.places)
    senders = {part.warehouse_id for holding in holdings for part in holding.parts}
    if len(senders) > 1 and (most := limits.also()) is not None and len(senders) > most:
        holdings = _planned(demands, stock, limits.split, most)
    return holdings


def _planned(
    demands: Sequence[Demand], stock: Mapping[int, Availability], split: int, most: int | None
) -> list[Holding]:
    only = None
    if most is not None:
        wanted: dict[int, Decimal] = {}
        for demand in demands:
            wanted[demand.item_id] = wanted.get(demand.item_id, Decimal(0)) + demand.quantity
        only = best_places(wanted=wanted, stock=stock, most=most, split=split)
    free = {item_id: Sourcing(at.by_warehouse) for item_id, at in stock.items()}
    return [_holding(demand, free[demand.item_id], split, only) for demand in demands]


def _holding(demand: Demand, free: Sourcing, split: int, only: frozenset[int] | None) -> Holding:
    parts = free.take(
        demand.quantity,
        multiple=demand.multiple,
        wanted_on=demand.wanted_on,
        split=split,
        least=demand.least,
        only=only,
    )
    if not parts:
        raise NowhereStocked("no warehouse stocks this item; nothing was reserved", item=demand.item_id)
    now = sum((part.quantity for part in parts if part.on and part.due_on is None), Decimal(0))
    first = parts[0]
    return Holding(warehouse_id=first.warehouse_id, warehouse_code=first.warehouse_code, quantity=now, parts=parts)


def write_holdings(*, demands: Sequence[Demand], holdings: Sequence[Holding]) -> None:
    """What was planned is held, in one statement; what is held for a demand in a warehouse already is held at the new
    quantity. The caller has the stock rows locked since it planned.
    """
    if not demands:
        return
    rows = [
        (demand, part)
        for demand, holding in zip(demands, holdings, strict=True)
        for part in holding.parts
        if part.on is not None
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE_HELD,
            {
                "items": [demand.item_id for demand, _ in rows],
                "warehouses": [part.warehouse_id for _, part in rows],
                "refs": [demand.ref for demand, _ in rows],
                "days": [part.due_on for _, part in rows],
                "quantities": [part.quantity for _, part in rows],
                "good": [part.good_until for _, part in rows],
                "demands": [demand.ref for demand in demands],
            },
        )


@transaction.atomic
def release(*, demand_refs: Sequence[str]) -> int:
    """How many held reservations are free again."""
    held = _locked(demand_refs)
    return Reservation.objects.filter(pk__in=held).update(state=ReservationState.RELEASED, ended_at=database_now())


@transaction.atomic(savepoint=False)
def note_erp_allocation(*, taken_at: Mapping[str, dt.datetime], erp: str = DEFAULT) -> None:
    """The connection `erp` took each demand (by its ref) at that moment of its clock: its figures from then on include
    it, so the holding ends with them. Of stock that another ERP tells it stays held until it has left.
    """
    # Such a figure may be on its way in: whoever has the stock rows second sees what the first wrote.
    lock_stock({item_id for _, item_id in _HELD(list(taken_at))})
    held = _locked(list(taken_at))
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_TAKEN, [list(taken_at), list(taken_at.values()), list(held), erp])
    end_seen(item_ids=set(held.values()))


@transaction.atomic
def note_departure(*, departed: Collection[Departed], at: dt.datetime) -> None:
    """What is named had left whole at `at` (the ERP's clock), so what it was promised of supplies has come in: figures
    from then on include that, also those of an ERP that never had the order.
    """
    held = Reservation.objects.filter(state=ReservationState.HELD)
    held = held.filter(Q(due_on__isnull=False) | Q(erp_allocated_at=None))
    rows = held.filter(demand_ref__in={gone.ref for gone in departed})
    places = {(gone.ref, gone.warehouse) for gone in departed}
    found = {
        pk: item_id
        for pk, ref, code, item_id in rows.values_list("pk", "demand_ref", "warehouse__code", "item_id")
        if (ref, "") in places or (ref, code) in places
    }
    if found:
        lock_stock(set(found.values()))
        still = list(
            held.select_for_update(no_key=True).filter(pk__in=found).order_by("pk").values_list("pk", flat=True)
        )
        rows = Reservation.objects.filter(pk__in=still)
        rows.filter(due_on__isnull=False).update(left_at=at)
        rows.filter(erp_allocated_at=None).update(erp_allocated_at=at)
        end_seen(item_ids=set(found.values()))


def _locked(demand_refs: Sequence[str]) -> dict[UUID, int]:
    """The item by held reservation, each locked in the order in which everybody locks them."""
    return dict(_LOCK_HELD(list(demand_refs)))


def end_seen(*, item_ids: Collection[int]) -> int:
    """How many reservations ended because their stock figure is as new as the ERP's allocation. One of a supply ends
    when the ERP announces none any more, or all of the demand has left: its figure includes back orders only when they
    are allocated.
    """
    with connection.cursor() as cursor:
        cursor.execute(_END_SEEN, [list(item_ids)])
        ended: int = cursor.rowcount
    return ended
