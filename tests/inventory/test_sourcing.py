"""Where a quantity comes from, when, and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from inventory.queries.availability import WarehouseStock
from inventory.queries.sourcing import Part, Sourcing, sentence_of
from inventory.queries.timeline import Supply, timeline_of

TODAY = dt.date(2026, 11, 25)
SOON, LATE = dt.date(2026, 12, 4), dt.date(2026, 12, 20)


def place(number: int, code: str, available: int, *supplies: tuple[dt.date, int]) -> WarehouseStock:
    coming = tuple(Supply(on=on, quantity=Decimal(quantity), reference="PO 7") for on, quantity in supplies)
    timeline = timeline_of(today=TODAY, available=Decimal(available), held=(), supplies=coming)
    return WarehouseStock(
        warehouse_id=number, code=code, name=code.title(), available=Decimal(available),
        figure=Decimal(available), supply_on=None,
        supply_quantity=Decimal(0), supplies=coming, timeline=timeline,
    )  # fmt: skip


def told(parts: tuple[Part, ...]) -> list[tuple[str, int, dt.date | None]]:
    return [(part.warehouse_code, int(part.quantity), part.on) for part in parts]


def test_the_nearest_to_enough_wins() -> None:
    places = [place(1, "RENO", 500), place(2, "DAYTON", 120), place(3, "NEWARK", 90)]
    assert told(Sourcing(places).take(Decimal(100))) == [("DAYTON", 100, TODAY)]


def test_the_rest_comes_from_the_next_supply_of_the_same_warehouse() -> None:
    places = [place(1, "RENO", 10, (SOON, 500)), place(2, "DAYTON", 60, (LATE, 30), (SOON, 5))]
    parts = Sourcing(places).take(Decimal(100))
    assert told(parts) == [("DAYTON", 60, TODAY), ("DAYTON", 5, SOON), ("DAYTON", 30, LATE), ("DAYTON", 5, None)]
    assert [part.why for part in parts] == [
        "in stock in Dayton",
        "receipt of 4 Dec in Dayton, PO 7",
        "receipt of 20 Dec in Dayton, PO 7",
        "no receipt is announced",
    ]


def test_two_warehouses_may_share_and_no_third() -> None:
    places = [place(1, "RENO", 10, (SOON, 500)), place(2, "DAYTON", 60), place(3, "NEWARK", 20, (LATE, 500))]
    parts = Sourcing(places).take(Decimal(100), split=2)
    assert told(parts) == [("DAYTON", 60, TODAY), ("NEWARK", 20, TODAY), ("NEWARK", 20, LATE)]


def test_sixty_now_and_forty_from_elsewhere_when_it_comes() -> None:
    places = [place(1, "RENO", 0, (SOON, 500)), place(2, "DAYTON", 60)]
    parts = Sourcing(places).take(Decimal(100), split=2)
    assert sentence_of(parts) == "60 now from DAYTON, 40 on 4 Dec from RENO"


def test_each_demand_sees_what_those_before_it_took() -> None:
    sourcing = Sourcing([place(1, "RENO", 10, (SOON, 10))])
    asked = [sourcing.take(Decimal(8)) for _ in range(3)]
    assert [told(parts) for parts in asked] == [
        [("RENO", 8, TODAY)],
        [("RENO", 2, TODAY), ("RENO", 6, SOON)],
        [("RENO", 4, SOON), ("RENO", 4, None)],
    ]


def test_only_whole_cases_leave_and_nothing_before_it_is_wanted() -> None:
    sourcing = Sourcing([place(1, "RENO", 30, (SOON, 40))])
    parts = sourcing.take(Decimal(48), multiple=Decimal(12), wanted_on=dt.date(2026, 12, 1))
    assert told(parts) == [("RENO", 24, dt.date(2026, 12, 1)), ("RENO", 24, SOON)]


def test_what_nobody_stocks_has_no_part_and_what_nobody_has_has_no_day() -> None:
    assert Sourcing([]).take(Decimal(1)) == ()
    assert told(Sourcing([place(1, "RENO", 0)]).take(Decimal(5), split=2)) == [("RENO", 5, None)]
