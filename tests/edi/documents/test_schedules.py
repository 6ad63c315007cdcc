"""SCH: lines on several days, brought to a line a day and back, and what cannot be meant."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.canonical.orders import DatedQuantity, Order, OrderChange, OrderLine, OrderLineChange
from distportal.canonical.parts import Address, ItemId
from edi.documents.options import OrderOptions
from edi.documents.po850 import Mapped850, read_850
from edi.documents.schedules import dated_change, dated_order
from edi.x12.errors import MappingError
from tests.edi.x12.texts import file_850, set_of

SKU = (ItemId(qualifier="sku", value="FST-10001"),)
DAYS = [dt.date(2026, 12, day) for day in (1, 8, 15)]
ROWS = ("BEG*00*SA*A-1**20261124", "N1*ST**92*0117")


def mapped(*rows: str, **options: str) -> Mapped850:
    return read_850(set_of(file_850(*ROWS, *rows)), account="D", options=OrderOptions(**options))  # type: ignore[arg-type]


def told(*rows: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        mapped(*rows)
    return [str(problem.sentence) for problem in caught.value.problems]


def order(*lines: OrderLine) -> Order:
    return Order(
        channel="edi", account="D", po_number="A-1", ordered_on=DAYS[0], ship_to=Address(code="0117"), lines=lines
    )


def scheduled(line_no: str, *quantities: int, **more: object) -> OrderLine:
    days = tuple(DatedQuantity(quantity=Decimal(q), on=on) for q, on in zip(quantities, DAYS, strict=False))
    return OrderLine(
        line_no=line_no,
        items=SKU,
        quantity=Decimal(sum(quantities)),
        unit="EA",
        schedule=days,
        **more,  # type: ignore[arg-type]
    )


def rows_of(lines: tuple[OrderLine, ...]) -> list[tuple[str, str, int, dt.date | None]]:
    return [(line.line_no, line.buyer_line, int(line.quantity), line.requested_on) for line in lines]


def change(*lines: OrderLineChange, purpose: str = "change") -> OrderChange:
    return OrderChange(
        channel="edi", account="D", po_number="A-1", sequence="1", changed_on=DAYS[0], lines=lines,
        purpose=purpose,  # type: ignore[arg-type]
    )  # fmt: skip


def asked(code: str, line_no: str = "1", *quantities: tuple[int, int], **more: object) -> OrderLineChange:
    """The change of a line to (quantity, which day) pairs."""
    days = tuple(DatedQuantity(quantity=Decimal(q), on=DAYS[at]) for q, at in quantities)
    total = sum((day.quantity for day in days), Decimal(0)) if days else None
    fields = {"kind": "change", "quantity": total, "requested_on": days[0].on if days else None} | more
    return OrderLineChange(line_no=line_no, code=code, schedule=days, **fields)  # type: ignore[arg-type]


def test_each_day_is_a_line_and_the_first_keeps_the_number() -> None:
    asked_for = order(scheduled("1", 40, 60), scheduled("800003", 5), scheduled("3", 1, 2, 3))
    assert rows_of(dated_order(asked_for).lines) == [
        ("1", "1", 40, DAYS[0]),
        ("800001", "1", 60, DAYS[1]),
        ("800003", "", 5, DAYS[0]),
        ("3", "3", 1, DAYS[0]),
        ("800002", "3", 2, DAYS[1]),
        ("800004", "3", 3, DAYS[2]),
    ], "a number that the buyer uses is never given to another line"


def test_the_same_day_twice_is_one_line_and_prices_go_by_the_whole_po() -> None:
    twice = scheduled("1", 40, 60, po_quantity=Decimal(1000))
    again = DatedQuantity(quantity=Decimal(100), on=DAYS[0])
    whole = replace(twice, quantity=Decimal(200), schedule=(*twice.schedule, again))
    lines = dated_order(order(whole)).lines
    assert [(int(line.quantity), line.po_quantity) for line in lines] == [(140, 700), (60, 300)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (("SCH*40*EA***002*20261201",), "Line 1 is for 100, its schedule comes to 40."),
        (("SCH*100*CA***002*20261201",), "Line 1 is in EA, its schedule in CA."),
        (("SCH*0*EA***002*20261201", "SCH*100*EA***002*20261201"), "The quantity '0' is not above zero."),
        (("SCH*100*EA***002*20261301",), "The day of the schedule '20261301' is not a date."),
        (
            ("SDQ*EA*92*0117*50*0233*50", "SCH*40*EA***002*20261201", "SCH*60*EA***002*20261208"),
            "Line 1 has several days and several ship-tos, and does not say how much goes where when.",
        ),
    ],
)
def test_a_schedule_that_cannot_be_meant_refuses_the_order(rows: tuple[str, ...], sentence: str) -> None:
    assert sentence in told("PO1*1*100*EA*.4*PE*VN*FST-10001", *rows, "CTT*1")


def test_where_it_was_agreed_the_sum_of_the_days_holds() -> None:
    found = mapped("PO1*1*100*EA*.4*PE*VN*FST-10001", "SCH*40*EA***002*20261201", "CTT*1", sch_sum="note")
    assert (found.order.lines[0].quantity, found.notes) == (40, ["Line 1 is for 100, its schedule comes to 40."])


def test_one_day_for_all_places_is_the_day_of_each() -> None:
    rows = ("PO1*1*100*EA*.4*PE*VN*FST-10001", "SDQ*EA*92*0117*40*0233*60", "SCH*100*EA***002*20261201", "CTT*1")
    assert [[(d.quantity, d.on) for d in o.lines[0].schedule] for o in mapped(*rows).orders] == [
        [(40, DAYS[0])],
        [(60, DAYS[0])],
    ]


STANDING = dated_order(order(scheduled("1", 40, 60), scheduled("2", 24))).lines


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (asked("RQ", "1", (40, 0), (80, 1)), [("1", "change", 40, DAYS[0]), ("800001", "change", 80, DAYS[1])]),
        (asked("RS", "1", (40, 0), (60, 2)), [("1", "change", 40, DAYS[0]), ("800001", "change", 60, DAYS[2])]),
        (asked("QD", "1", (60, 1)), [("800001", "change", 60, DAYS[1]), ("1", "delete", 0, DAYS[1])]),
        (
            asked("QI", "1", (40, 0), (60, 1), (7, 2)),
            [("1", "change", 40, DAYS[0]), ("800001", "change", 60, DAYS[1]), ("800002", "add", 7, DAYS[2])],
        ),
        (asked("RQ", "2", (4, 0), (20, 2)), [("2", "change", 4, DAYS[0]), ("800002", "add", 20, DAYS[2])]),
        (asked("DI", kind="delete"), [("1", "delete", None, None), ("800001", "delete", None, None)]),
        (asked("PC", unit_price=Decimal(1)), [("1", "change", None, None), ("800001", "change", None, None)]),
        (
            asked("PQ", quantity=Decimal(100), unit_price=Decimal(1)),
            [("1", "change", None, None), ("800001", "change", None, None)],
        ),
        (asked("QD", "2", quantity=Decimal(12)), [("2", "change", 12, None)]),
    ],
)  # fmt: skip
def test_a_change_finds_the_days_it_is_about(
    wanted: OrderLineChange, found: list[tuple[str, str, int | None, dt.date | None]]
) -> None:
    dated = dated_change(change(wanted), STANDING)
    assert dated.problems == ()
    assert [(one.line_no, one.kind, one.quantity, one.requested_on) for one in dated.change.lines] == found
    assert all(one.schedule == () for one in dated.change.lines)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (asked("QD", quantity=Decimal(50)), "2 days, and the change does not say"),
        (asked("RS", requested_on=DAYS[2]), "2 days, and the change does not say"),
        (asked("QI", "1", (40, 0), (10, 1)), "shall go up, but from 100 to 50"),
    ],
)
def test_a_change_that_does_not_say_which_day_is_for_a_person(wanted: OrderLineChange, words: str) -> None:
    [problem] = dated_change(change(wanted), STANDING).problems
    assert words in problem


def test_a_replacement_ends_the_days_it_does_not_name() -> None:
    dated = dated_change(change(asked("RZ", "2", (24, 0)), purpose="replace"), STANDING)
    assert [(one.line_no, one.buyer_line, one.quantity) for one in dated.change.lines] == [
        ("2", "", 24),
        ("1", "1", 0),
        ("800001", "1", 0),
    ]
