"""The one availability function: the ERP's figure less what it has not seen yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from distportal.common.among import Among
from distportal.common.marks import A_TEXT, SOME_IDS
from distportal.common.prepared import PreparedRows, PreparedValues
from distportal.common.site_day import site_day
from distportal.systems.models import ErpConnection
from distportal.systems.ownership import DEFAULT
from inventory.choices import ReservationState
from inventory.models import FeedCursor, Reservation, StockLevel
from inventory.queries.shelf import Lot, Shelf, lots_of
from inventory.queries.timeline import ZERO, Supply, Timeline, timeline_of

_SHOWN = (
    "item_id",
    "warehouse_id",
    "warehouse__code",
    "warehouse__name",
    "available",
    "supply_on",
    "supply_quantity",
    "supplies",
    "lots",
    "item__least_shelf_life",
    "as_of",
    "erp",
    "now",
)
_AS_OF = _SHOWN.index("as_of")
LATE_AFTER = dt.timedelta(minutes=10)
_Held = tuple[dt.date | None, dt.date | None, Decimal]
"""The day of the supply it is of, None for what lies there; the day it has to be good until; how much."""


def _levels(ids: list[int]) -> QuerySet[StockLevel, Any]:
    rows = StockLevel.objects.filter(Among("item_id", ids, of=BigIntegerField())).annotate(now=Now())
    return rows.order_by("warehouse__code").values_list(*_SHOWN)


def _holds(ids: list[int]) -> QuerySet[Reservation, Any]:
    rows = Reservation.objects.filter(Among("item_id", ids, of=BigIntegerField()), state=ReservationState.HELD)
    named = rows.order_by().values_list("item_id", "warehouse_id", "due_on", "good_until")
    return named.annotate(held=Sum("quantity"))


_LEVELS, _HOLDS = PreparedValues(_levels, SOME_IDS), PreparedValues(_holds, SOME_IDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseStock:
    """What one warehouse can promise now, in base units, what it expects next, and what it can promise when.

    `figure` is the ERP's own, before what is held is taken off; `erp` is the connection whose figures these are. `lots`
    are what the ERP told of them; of these `too_old` does not keep long enough to be promised today.
    """

    warehouse_id: int
    code: str
    name: str
    available: Decimal
    figure: Decimal
    supply_on: dt.date | None
    supply_quantity: Decimal
    supplies: tuple[Supply, ...]
    timeline: Timeline
    erp: str = "default"
    lots: tuple[Lot, ...] = ()

    @property
    def too_old(self) -> Decimal:
        """What lies there free and cannot be promised today, because it expires too soon."""
        return self.timeline.spoiled(self.timeline.days[0])

    def available_by(self, on: dt.date) -> Decimal:
        """What can be promised for a day; for today it is `available`."""
        return self.timeline.available_by(on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """What can be promised of one item; `as_of` is the oldest figure in it, by the ERP's clock."""

    total: Decimal
    by_warehouse: tuple[WarehouseStock, ...]
    as_of: dt.datetime | None

    @property
    def sentence(self) -> str:
        """`240 available`, or when the next receipt is expected."""
        if self.total > 0:
            return _("%(quantity)s available") % {"quantity": f"{self.total.normalize():f}"}
        dates = [w.supply_on for w in self.by_warehouse if w.supply_on]
        return _("expected %(day)s") % {"day": date_format(min(dates), "j M")} if dates else _("not available")


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """When stock was last read to the end and when prices were, since when the ERP does not answer, and whether the
    reading has stopped; `erp` is the connection that this is about.
    """

    as_of: dt.datetime | None
    failing_since: dt.datetime | None
    late: bool
    erp: str = DEFAULT
    prices_as_of: dt.datetime | None = None

    @property
    def named(self) -> str:
        """The connection's name where it is not the house's own."""
        return "" if self.erp == DEFAULT else self.erp


class StockView:
    """What can be promised of some items, read once, in two queries. What is taken of it counts as held from then on,
    as if it had been written and read again.
    """

    def __init__(self, item_ids: Collection[int]) -> None:
        self._held = _held(item_ids)
        # Plain rows, not objects: an order of twenty lines reads sixty of them.
        self._rows: dict[int, list[tuple[Any, ...]]] = {item_id: [] for item_id in item_ids}
        for row in _LEVELS(list(item_ids)) if item_ids else ():
            self._rows[row[0]].append(row)
        self._places: dict[tuple[int, int], dict[int | None, WarehouseStock]] = {}
        self._known: dict[int, dict[int | None, Availability]] = {}

    def of(self, *, item_ids: Collection[int], shelf_life: int | None = None) -> dict[int, Availability]:
        """Availability by item id, as `availability_of` gives it; items without stock rows have nothing."""
        return {
            item_id: self._known.get(item_id, {}).get(shelf_life) or self._look(item_id, shelf_life)
            for item_id in item_ids
        }

    def take(
        self,
        *,
        item_id: int,
        warehouse_id: int,
        due_on: dt.date | None,
        quantity: Decimal,
        good_until: dt.date | None = None,
    ) -> None:
        """So much is held there: of the supply of that day, or of what lies there when it is None."""
        before = self._held.get((item_id, warehouse_id), [])
        same = sum((had for due, until, had in before if (due, until) == (due_on, good_until)), ZERO)
        others = [one for one in before if one[:2] != (due_on, good_until)]
        self._held[item_id, warehouse_id] = [*others, (due_on, good_until, same + quantity)]
        self._places.pop((item_id, warehouse_id), None)
        self._known.pop(item_id, None)

    def _look(self, item_id: int, shelf_life: int | None) -> Availability:
        rows = self._rows[item_id]
        places = tuple(self._place(row, shelf_life) for row in rows)
        found = Availability(
            total=sum((place.available for place in places), ZERO),
            by_warehouse=places,
            as_of=min((row[_AS_OF] for row in rows), default=None),
        )
        self._known.setdefault(item_id, {})[shelf_life] = found
        return found

    def _place(self, row: tuple[Any, ...], shelf_life: int | None) -> WarehouseStock:
        """One warehouse; it stands until something is taken there."""
        known = self._places.setdefault(row[:2], {})
        if shelf_life not in known:
            known[shelf_life] = _place(row, self._held.get(row[:2], ()), shelf_life)
        return known[shelf_life]


def availability_of(*, item_ids: Collection[int], shelf_life: int | None = None) -> dict[int, Availability]:
    """Availability by item id, in two queries; items without stock rows have nothing. Never negative.

    `shelf_life` is how many days the buyer wants to be left when goods leave; without it the item's own count.
    """
    return StockView(item_ids).of(item_ids=item_ids, shelf_life=shelf_life)


def _place(row: tuple[Any, ...], held: Sequence[_Held], shelf_life: int | None) -> WarehouseStock:
    _, warehouse_id, code, name, available, supply_on, supply_quantity, told, lots, least, _, erp, now = row
    today = site_day(now)
    supplies, there = _supplies(told, supply_on, supply_quantity), lots_of(lots)
    shelf = None
    if there:
        of_stock = [(until, quantity) for due, until, quantity in held if due is None]
        days = least if shelf_life is None else shelf_life
        shelf = Shelf(lots=there, available=available, held=of_stock, days=days)
    timeline = timeline_of(
        today=today,
        available=available,
        held=[(due, quantity) for due, _, quantity in held],
        supplies=supplies,
        shelf=shelf,
    )
    return WarehouseStock(
        warehouse_id=warehouse_id,
        code=code,
        name=name,
        available=timeline.available_by(today),
        figure=available,
        supply_on=supply_on,
        supply_quantity=supply_quantity,
        supplies=supplies,
        timeline=timeline,
        erp=erp,
        lots=there,
    )


def _held(item_ids: Collection[int]) -> dict[tuple[int, int], list[_Held]]:
    """(Item id, warehouse id) -> what is held there."""
    found: dict[tuple[int, int], list[_Held]] = {}
    for item_id, warehouse_id, due_on, good_until, quantity in _HOLDS(list(item_ids)) if item_ids else ():
        found.setdefault((item_id, warehouse_id), []).append((due_on, good_until, quantity))
    return found


def _supplies(told: Sequence[Mapping[str, str]], on: dt.date | None, quantity: Decimal) -> tuple[Supply, ...]:
    """All that the ERP told, else the next one, which every ERP tells."""
    if told:
        return tuple(
            Supply(
                on=dt.date.fromisoformat(row["on"]),
                quantity=Decimal(row["quantity"]),
                reference=row.get("reference", ""),
            )
            for row in told
        )
    return (Supply(on=on, quantity=quantity),) if on and quantity > 0 else ()


def freshness(*, of: str = DEFAULT) -> Freshness:
    """How fresh the stock figures and prices of a connection are, in one query."""
    row = _FEEDS.first(of)
    return _read(row) if row else Freshness(as_of=None, failing_since=None, late=False, erp=of)


def worst_freshness() -> Freshness:
    """That of the connection which has not answered for longest, else of one that is late, else of the house's own."""
    others = ErpConnection.objects.filter(side_by_side=True, active=True).values("name")
    found = [_read(row) for row in _feeds(Q(connection=DEFAULT) | Q(connection__in=others))]
    failing = [(one.failing_since, one.erp, one) for one in found if one.failing_since]
    if failing:
        return min(failing)[2]
    own = Freshness(as_of=None, failing_since=None, late=False)
    late = [one for one in found if one.late]
    return next(iter(late), next((one for one in found if one.erp == DEFAULT), own))


def _feeds(which: Q) -> QuerySet[Any, Any]:
    prices = FeedCursor.objects.filter(connection=OuterRef("connection"), kind="price").values("read_at")
    return FeedCursor.objects.filter(which, kind="stock").annotate(now=Now(), prices_at=Subquery(prices))


_FEEDS: PreparedRows[Any] = PreparedRows(lambda name: _feeds(Q(connection=name)), A_TEXT)


def _read(row: Any) -> Freshness:
    return Freshness(
        as_of=row.read_at,
        failing_since=row.failing_since,
        late=row.read_at is not None and row.now - row.read_at > LATE_AFTER,
        erp=row.connection,
        prices_as_of=row.prices_at,
    )
