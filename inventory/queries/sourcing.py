"""From which warehouses a quantity comes, how much of it on which day, and why: nothing is read or written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.queries.availability import WarehouseStock
from inventory.queries.timeline import ZERO, Supply, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So much in base units from one warehouse: of what lies there when `due_on` is None, else of its supply of that
    day. `on` is when it can leave, None where no receipt is known; `good_until` what its lot has to keep to, where lots
    are known.
    """

    warehouse_id: int
    warehouse_code: str
    quantity: Decimal
    on: dt.date | None
    due_on: dt.date | None
    why: str
    good_until: dt.date | None = None


class Sourcing:
    """The stock of one item while demands are sourced one after the other: each sees what those before it took."""

    def __init__(self, places: Sequence[WarehouseStock]) -> None:
        self._places = {place.warehouse_id: place for place in sorted(places, key=lambda p: p.warehouse_id)}
        self._free: dict[int, Timeline] = {key: place.timeline for key, place in self._places.items()}
        self._taken_of: set[int] = set()

    def take(
        self,
        quantity: Decimal,
        *,
        multiple: Decimal = Decimal(1),
        wanted_on: dt.date | None = None,
        split: int = 1,
        least: Decimal = ZERO,
        only: Collection[int] | None = None,
    ) -> tuple[Part, ...]:
        """The parts of a quantity, which is taken off; together they are all of it. Nothing is taken of what no
        warehouse is known to stock.

        What is there now goes first: from the warehouse that has all of it and least to spare, else from those that
        have most, at most `split` of them. The rest comes from the next supplies there. Parts are whole multiples of
        `multiple`, the sales unit; nothing leaves before `wanted_on`. A further warehouse sends `least` or nothing.
        `only` these warehouses send, unless none of them stocks the item.
        """
        parts: list[Part] = []
        rest, limits = quantity, _Limits(multiple, wanted_on, split, least, self._open(only))
        while rest > 0 and (part := self._next(rest, limits, parts)):
            today = self._today(part.warehouse_id)
            self._own(part.warehouse_id).take(part.quantity, on=part.due_on or today, leaves=part.on)
            parts.append(part)
            rest -= part.quantity
        if rest > 0 and self._places:
            parts.append(self._without_day(rest, parts, limits))
        return tuple(parts)

    def _own(self, key: int) -> Timeline:
        """The timeline of a warehouse that may be taken from: a copy, for the other one shows what was there before."""
        if key not in self._taken_of:
            self._taken_of.add(key)
            self._free[key] = self._free[key].copy()
        return self._free[key]

    def _open(self, only: Collection[int] | None) -> frozenset[int]:
        here = frozenset(self._places)
        return here if only is None else here & frozenset(only) or here

    def _next(self, rest: Decimal, limits: _Limits, parts: Sequence[Part]) -> Part | None:
        used = {part.warehouse_id for part in parts}
        more = limits.places - used if len(used) < limits.split else frozenset[int]()
        found: tuple[int, dt.date | None, Decimal] | None = self._now(rest, limits, sorted(more), bool(used))
        found = found or self._later(rest, limits, sorted(more | used), used)
        if found is None:
            return None
        key, day, quantity = found
        place, today = self._places[key], self._today(key)
        leaves, shelf = max(day or today, limits.wanted_on or today), self._free[key].shelf
        return Part(
            warehouse_id=key,
            warehouse_code=place.code,
            quantity=quantity,
            on=leaves,
            due_on=day,
            why=_why(place, day),
            good_until=shelf.good_until(leaves) if shelf and day is None else None,
        )

    def _now(
        self, rest: Decimal, limits: _Limits, keys: Sequence[int], further: bool
    ) -> tuple[int, None, Decimal] | None:
        spare = {key: self._free[key].available_by(self._today(key), leaves=limits.wanted_on) for key in keys}
        free = {key: _whole(spare[key], rest, limits.multiple) for key in keys}
        keys = [key for key in keys if not further or free[key] >= limits.least]
        enough = [key for key in keys if free[key] >= rest]
        if enough:
            return min(enough, key=spare.__getitem__), None, rest
        best = max(keys, key=free.__getitem__, default=None)
        return (best, None, free[best]) if best is not None and free[best] > 0 else None

    def _later(
        self, rest: Decimal, limits: _Limits, keys: Sequence[int], used: set[int]
    ) -> tuple[int, dt.date, Decimal] | None:
        """The earliest day on which a warehouse has something; one that sends already goes before another."""
        best: tuple[tuple[dt.date, bool, Decimal], int, Decimal] | None = None
        for key in keys:
            for day in self._free[key].days[1:]:
                can = _whole(self._free[key].available_by(day, leaves=limits.wanted_on), rest, limits.multiple)
                rank = (day, key not in used, -can)
                enough = key in used or not used or can >= limits.least
                if can > 0 and enough and (best is None or rank < best[0]):
                    best = rank, key, can
        return (best[1], best[0][0], best[2]) if best else None

    def _without_day(self, rest: Decimal, parts: Sequence[Part], limits: _Limits) -> Part:
        key = parts[0].warehouse_id if parts else min(limits.places)
        code, why = self._places[key].code, _("no receipt is announced")
        return Part(warehouse_id=key, warehouse_code=code, quantity=rest, on=None, due_on=None, why=why)

    def _today(self, key: int) -> dt.date:
        return self._free[key].days[0]


@dataclass(frozen=True, slots=True)
class _Limits:
    """What one taking has to keep to."""

    multiple: Decimal
    wanted_on: dt.date | None
    split: int
    least: Decimal
    places: frozenset[int]


def _whole(available: Decimal, rest: Decimal, multiple: Decimal) -> Decimal:
    """As much of the rest as is there in whole sales units; the last of a rest need not be whole."""
    return rest if available >= rest else available // multiple * multiple


def _why(place: WarehouseStock, day: dt.date | None) -> str:
    if day is None:
        return _("in stock in %(place)s") % {"place": place.name}
    supply = next((s for s in place.supplies if s.on == day), Supply(on=day, quantity=ZERO))
    said = {"day": date_format(day, "j M"), "place": place.name, "reference": supply.reference}
    if supply.reference:
        return _("receipt of %(day)s in %(place)s, %(reference)s") % said
    return _("receipt of %(day)s in %(place)s") % said


def sentence_of(parts: Sequence[Part]) -> str:
    """`60 now from DAYTON, 40 on 04 Dec from RENO`."""
    return ", ".join(map(_said, parts))


def _said(part: Part) -> str:
    said = {"much": f"{part.quantity.normalize():f}", "place": part.warehouse_code}
    if part.due_on and part.on:
        return _("%(much)s on %(day)s from %(place)s") % {**said, "day": date_format(part.on, "j M")}
    return (_("%(much)s now from %(place)s") if part.on else _("%(much)s without a date from %(place)s")) % said
