"""Receipts that move, shrink or vanish: who has to be promised anew, and for when."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from inventory.queries.displaced import HeldPart, displaced_parts
from inventory.queries.timeline import Supply

TODAY = dt.date(2026, 11, 25)
SOON, LATER, LAST = (TODAY + dt.timedelta(days=n) for n in (5, 12, 30))
MADE = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def part(ref: str, quantity: int, due_on: dt.date | None = SOON, turn: int = 0) -> HeldPart:
    made = MADE + dt.timedelta(minutes=turn)
    return HeldPart(pk=uuid.uuid4(), ref=ref, quantity=Decimal(quantity), due_on=due_on, reserved_at=made)


def displaced(held: list[HeldPart], *supplies: tuple[dt.date, int], available: int = 0) -> dict[str, dt.date | None]:
    told = [Supply(on=on, quantity=Decimal(quantity)) for on, quantity in supplies]
    found = displaced_parts(today=TODAY, available=Decimal(available), supplies=told, held=held)
    return {moved.ref: day for moved, day in found}


def test_a_receipt_that_stays_moves_nobody_also_where_an_earlier_one_would_do() -> None:
    held = [part("a", 40, LATER)]
    assert displaced(held, (SOON, 100), (LATER, 40)) == {}


def test_a_moved_receipt_moves_all_that_were_promised_of_it() -> None:
    held = [part("a", 40), part("b", 20, turn=1), part("c", 5, LAST)]
    assert displaced(held, (LATER, 60), (LAST, 10)) == {"a": LATER, "b": LATER}
    early = TODAY + dt.timedelta(days=2)
    assert displaced(held, (early, 60), (LAST, 10)) == {"a": early, "b": early}


def test_of_a_smaller_receipt_who_was_promised_first_is_served_first() -> None:
    held = [part("late", 30, turn=2), part("first", 30, turn=1)]
    assert displaced(held, (SOON, 40), (LAST, 30)) == {"late": LAST}
    assert displaced(held, (SOON, 40), (LAST, 10)) == {"late": None}, "a part moves as a whole"


def test_what_lies_there_and_what_is_owed_already_count() -> None:
    held = [part("a", 30), part("there", 10, None)]
    assert displaced(held, (LATER, 20), available=20) == {"a": LATER}, "10 lie there beyond what is held"
    assert displaced(held, (LATER, 35), (LAST, 40), available=-5) == {"a": LAST}, "5 are owed, 10 held"


def test_a_promise_of_later_is_not_broken_by_one_that_moves() -> None:
    held = [part("first", 50, LAST), part("second", 20, turn=1)]
    assert displaced(held, (LATER, 20), (LAST, 30)) == {"second": None}


def test_where_nothing_is_announced_nothing_is_displaced() -> None:
    assert displaced([part("a", 40)]) == {}
    assert displaced([part("a", 40)], (TODAY, 40)) == {}, "overdue: it counts for nothing until it has a new day"


def test_a_huge_queue_is_worked_out_in_one_go() -> None:
    held = [part(str(n), 1, turn=n) for n in range(2000)]
    moved = displaced(held, (LATER, 1500), (LAST, 400))
    assert list(moved.values()).count(LATER) == 1500
    assert list(moved.values()).count(LAST) == 400
    assert [moved[str(n)] for n in (0, 1499, 1500, 1899, 1900)] == [LATER, LATER, LAST, LAST, None]
