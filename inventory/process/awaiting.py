"""Hold of an announced receipt what nothing is held for yet: demands that were taken before anything was announced.

Their only day, if any, is the ERP's; held of a receipt they have a place in the queue, and a day that follows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Sum

from inventory.choices import ReservationState
from inventory.models import Reservation, StockLevel
from inventory.queries.availability import Availability, WarehouseStock
from inventory.queries.promises import PromiseLog, ToldPart, promise_logs
from inventory.queries.timeline import Timeline
from inventory.registry import OpenDemand, demand_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """So much of a demand that can be held of the receipt of `day`, in base units; `was` is the day that it was
    promised for, None where there was none.
    """

    ref: str
    warehouse_id: int
    warehouse: str
    quantity: Decimal
    was: dt.date | None
    day: dt.date
    in_erp: bool


def awaited_parts(item_id: int, stock: Availability) -> Iterator[Awaited]:
    """What nothing is held for and an announced receipt has enough for, who waits for longest first. `stock` is the
    item's, less what is held.

    A day that the ERP told is left as it is: it is held of the last receipt up to then, else of the first behind.
    """
    waiting = [demand for source in demand_sources() for demand in source.open_demands(item_id)]
    if not waiting:
        return
    refs = [demand.ref for demand in waiting]
    held, logs = _held(refs), promise_logs(demand_refs=refs)
    free: dict[int, Timeline] = {}
    for demand in sorted(waiting, key=lambda one: (one.since, one.ref)):
        rest = demand.quantity - max(held.get(demand.ref, Decimal(0)), demand.settled)
        told = _waiting_part(logs.get(demand.ref))
        place = _place(stock, demand, told) if rest > 0 and told else None
        if told is None or place is None:
            continue
        timeline = free.setdefault(place.warehouse_id, place.timeline.copy())
        day = _day(place, timeline, rest, told.on)
        if day is not None:
            timeline.take(rest, on=day)
            yield Awaited(
                ref=demand.ref, warehouse_id=place.warehouse_id, warehouse=place.code, quantity=rest, was=told.on,
                day=day, in_erp=demand.in_erp,
            )  # fmt: skip


def hold_awaited(*, item_id: int, parts: Sequence[Awaited]) -> None:
    """They are held of their receipts; one that the ERP has already ends with its figures like any other. The caller
    has the stock rows and the demands locked.
    """
    if not parts:
        return
    newest = StockLevel.objects.filter(item_id=item_id).aggregate(at=Max("as_of"))["at"]
    for part in parts:
        row, new = Reservation.objects.get_or_create(
            demand_ref=part.ref, warehouse_id=part.warehouse_id, due_on=part.day, state=ReservationState.HELD,
            defaults={
                "item_id": item_id, "quantity": part.quantity, "erp_allocated_at": newest if part.in_erp else None,
            },
        )  # fmt: skip
        if not new:
            Reservation.objects.filter(pk=row.pk).update(quantity=row.quantity + part.quantity)


def _held(refs: Sequence[str]) -> dict[str, Decimal]:
    """What is held for them, or was until the ERP's figures had it."""
    states = (ReservationState.HELD, ReservationState.SEEN)
    rows = Reservation.objects.filter(demand_ref__in=refs, state__in=states)
    return dict(rows.values("demand_ref").annotate(sum=Sum("quantity")).values_list("demand_ref", "sum"))


def _waiting_part(log: PromiseLog | None) -> ToldPart | None:
    """The part without a day, else the one that leaves last; None where nothing is promised any more."""
    parts = log.now.parts if log else ()
    return next((part for part in parts if part.on is None), None) or max(
        parts, key=lambda part: part.on or dt.date.min, default=None
    )


def _place(stock: Availability, demand: OpenDemand, told: ToldPart) -> WarehouseStock | None:
    by_code = {place.code: place for place in stock.by_warehouse}
    by_id = {place.warehouse_id: place for place in stock.by_warehouse}
    return by_code.get(told.warehouse) or by_id.get(demand.warehouse_id or 0)


def _day(place: WarehouseStock, timeline: Timeline, quantity: Decimal, told: dt.date | None) -> dt.date | None:
    """A day that has passed says nothing of what is announced now: its goods came in, or somebody asks the ERP."""
    today = timeline.days[0]
    if told is not None and told <= today:
        return None
    days = sorted({supply.on for supply in place.supplies if supply.on > today})
    enough = [day for day in days if timeline.available_by(day) >= quantity]
    in_time = [day for day in enough if told is not None and day <= told]
    return in_time[-1] if in_time else next(iter(enough), None)
