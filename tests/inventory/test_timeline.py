"""What can be promised for a day never breaks what is promised for a later one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from inventory.queries.timeline import Supply, Timeline, timeline_of

TODAY = dt.date(2026, 11, 25)


def day(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def line(available: int, held: list[tuple[int | None, int]], *supplies: tuple[int, int]) -> Timeline:
    return timeline_of(
        today=TODAY,
        available=Decimal(available),
        held=[(None if at is None else day(at), Decimal(quantity)) for at, quantity in held],
        supplies=[Supply(on=day(at), quantity=Decimal(quantity)) for at, quantity in supplies],
    )


@pytest.mark.parametrize(
    ("available", "held", "supplies", "expected"),
    [
        (60, [], [(9, 40)], [60, 60, 100, 100]),
        (60, [(None, 20)], [(9, 40), (20, 5)], [40, 40, 80, 85]),
        (60, [(9, 30)], [(9, 40)], [60, 60, 70, 70]),
        (60, [(9, 50)], [(9, 40)], [50, 50, 50, 50]),  # more was promised than comes: what lies there keeps it
        (-20, [], [(9, 50)], [0, 0, 30, 30]),  # the ERP itself promised what is to come
        (10, [], [(-1, 99), (0, 99)], [10, 10, 10, 10]),  # overdue, or today and not received
        (10, [(-3, 4)], [(9, 6)], [10, 10, 12, 12]),  # what was promised of a late supply waits for the next
        (10, [(-3, 4)], [], [6, 6, 6, 6]),
        (10, [(15, 4)], [(9, 6)], [10, 10, 12, 12]),  # promised for the 15th: of nothing that comes then
    ],
)
def test_what_can_be_promised_now_tomorrow_and_later(
    available: int, held: list[tuple[int | None, int]], supplies: list[tuple[int, int]], expected: list[int]
) -> None:
    found = line(available, held, *supplies)
    assert [found.available_by(day(at)) for at in (0, 1, 9, 30)] == expected


def test_a_promise_for_a_later_day_is_taken_from_then_on() -> None:
    found = line(10, [], (9, 40))
    other = found.copy()
    found.take(Decimal(45), on=day(9))
    assert [found.available_by(day(at)) for at in (0, 8, 9)] == [5, 5, 5]
    assert [other.available_by(day(at)) for at in (0, 8, 9)] == [10, 10, 50]


def test_a_day_before_today_counts_as_today() -> None:
    assert line(7, []).available_by(day(-3)) == 7
