"""850 -> canonical order: the samples, and what cannot be read."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from distportal.canonical.base import from_json, to_json
from distportal.canonical.orders import Order
from edi.documents.items import ITEM_QUALIFIERS, pairs_of
from edi.documents.options import OrderOptions
from edi.documents.po850 import Mapped850, read_850
from edi.x12.errors import MappingError, Problem
from tests.edi.documents.samples import clean_set, samples_of
from tests.edi.x12.texts import BODY_850, file_850, set_of, with_body

QUALIFIERS = {**ITEM_QUALIFIERS, **dict.fromkeys(("VE", "BO", "IZ", "IB", "LT", "SN", "N4", "ND", "BL", "ZZ"), "other")}


def mapped(text: str) -> Mapped850:
    return read_850(set_of(text), account="D-100")


def problems(text: str) -> list[Problem]:
    with pytest.raises(MappingError) as caught:
        mapped(text)
    return list(caught.value.problems)


@pytest.mark.parametrize("path", samples_of("850"), ids=lambda p: p.stem)
def test_each_sample_gives_its_canonical_orders(path: Path) -> None:
    result = read_850(clean_set(path), account="RIDGELINE")
    expected = json.loads(path.with_suffix(".json").read_text())
    found = [to_json(order) for order in result.orders]
    assert {"orders": found, "sources": result.sources, "notes": result.notes} == expected
    assert tuple(from_json(Order, order) for order in expected["orders"]) == result.orders


def test_lineage_points_at_the_segment_of_each_line() -> None:
    tset = set_of(file_850())
    (at,) = read_850(tset, account="D-100").sources.values()
    assert tset.segments[at - 1].elements[:3] == ["PO1", "1", "12"]


def test_all_problems_are_told_at_once() -> None:
    text = file_850(
        "BEG*99*SA* **20261399",
        "DTM*010*2026",
        "PO1*1*0*EA*9,95*PE*UP*012345678905",
        "PO1*1**  *-1",
    )
    assert sorted((p.segment, p.position, p.element) for p in problems(text)) == [
        ("BEG", 2, 1),
        ("BEG", 2, 3),
        ("BEG", 2, 5),
        ("DTM", 3, 2),
        ("N1", 2, 0),
        ("PO1", 4, 2),
        ("PO1", 4, 4),
        ("PO1", 5, 1),
        ("PO1", 5, 2),
        ("PO1", 5, 3),
        ("PO1", 5, 4),
        ("PO1", 5, 6),
    ]


def test_lines_without_a_number_get_one_that_no_other_line_uses() -> None:
    rows = [row.format(n) for n in ("", "1", "") for row in ("PO1*{}*1*EA*1**UP*012345678905",)]
    result = mapped(file_850(*BODY_850[:7], *rows))
    assert [line.line_no for line in result.order.lines] == ["2", "1", "3"]
    assert result.sources == {"2": 9, "1": 10, "3": 11}


def test_a_problem_is_a_sentence_with_its_place() -> None:
    (only,) = problems(with_body(BODY_850[0], "BEG*44*SA*PO-1001**20261123"))
    assert str(only) == "BEG01 (segment 2): The purpose '44' of an order is not known here."


def test_stores_make_one_order_each_with_the_buyers_line_numbers() -> None:
    result = mapped(with_body(BODY_850[8], f"{BODY_850[8]}~SDQ*EA*92*0001*5*0002*7"))
    assert [(o.part, o.ship_to.code, [(ln.line_no, ln.quantity) for ln in o.lines]) for o in result.orders] == [
        ("0001", "0001", [("1", Decimal(5))]),
        ("0002", "0002", [("1", Decimal(7))]),
    ]
    assert result.orders[0].lines[0].distribution == ()


def test_stores_may_be_marks_on_the_goods_of_one_order() -> None:
    text = with_body(BODY_850[8], f"{BODY_850[8]}~SDQ*EA*92*0001*5*0002*7")
    (order,) = read_850(set_of(text), account="D-100", options=OrderOptions(sdq="mark_for")).orders
    assert (order.part, order.ship_to.code, order.lines[0].quantity) == ("", "0014", Decimal(12))
    assert [(p.place, p.quantity) for p in order.lines[0].distribution] == [("0001", Decimal(5)), ("0002", Decimal(7))]


def test_a_hundred_stores_are_a_hundred_orders() -> None:
    pairs = [f"S{n:03d}*1" for n in range(100)]
    rows = "~".join("SDQ*EA*92*" + "*".join(pairs[at : at + 10]) for at in range(0, 100, 10))
    result = mapped(with_body(BODY_850[7], f"PO1*1*100*EA*9.95*PE*UP*012345678905~{rows}"))
    assert (len(result.orders), {o.lines[0].quantity for o in result.orders}) == (100, {Decimal(1)})


def test_a_thousand_lines_are_read() -> None:
    rows = [f"PO1*{n}*{n}*EA*1.25*PE*UP*012345678905" for n in range(1, 1001)]
    order = mapped(file_850(*BODY_850[:7], *rows, "CTT*1000*500500")).order
    assert (len(order.lines), order.lines[-1].line_no, order.lines[-1].quantity) == (1000, "1000", Decimal(1000))


def test_stores_that_do_not_add_up_are_refused_or_noted_as_agreed() -> None:
    text = with_body(BODY_850[8], f"{BODY_850[8]}~SDQ*EA*92*0001*5*0002*6")
    (only,) = problems(text)
    assert str(only) == "SDQ (segment 11): Line 1 is for 12, its places come to 11."
    noted = read_850(set_of(text), account="D-100", options=OrderOptions(sdq_sum="note"))
    assert noted.notes == ["Line 1 is for 12, its places come to 11."]
    assert sum(o.lines[0].quantity for o in noted.orders) == 11


def test_several_ship_tos_without_a_share_are_refused_not_guessed() -> None:
    two = [*BODY_850[:7], "N1*ST*STORE 15*92*0015", *BODY_850[7:]]
    (only,) = problems(file_850(*two))
    assert (only.segment, only.position) == ("PO1", 10)
    assert only.sentence == "Line 1 does not say how much of it goes to which ship-to (0014, 0015)."


def test_orders_can_be_told_apart_by_their_ship_to() -> None:
    order = read_850(set_of(file_850()), account="D-100", options=OrderOptions(duplicate_key="po_ship_to")).order
    assert (order.part, mapped(file_850()).order.part) == ("0014", "")


@pytest.mark.parametrize(
    ("code", "purpose"),
    [("00", "original"), ("01", "cancellation"), ("05", "replace"), ("06", "confirmation"), ("07", "duplicate")],
)
def test_every_purpose_is_read(code: str, purpose: str) -> None:
    assert mapped(with_body(BODY_850[0], f"BEG*{code}*SA*PO-1001**20261123")).order.purpose == purpose


def test_a_cancellation_needs_neither_lines_nor_places() -> None:
    order = mapped(file_850("BEG*01*SA*PO-1001**20261123")).order
    assert (order.purpose, order.lines) == ("cancellation", ())


@pytest.mark.parametrize("code", sorted(QUALIFIERS))
def test_every_item_qualifier_is_kept_with_its_code(code: str) -> None:
    (item,) = mapped(with_body(BODY_850[7], f"PO1*1*12*EA*9.95*PE*{code}*X-1")).order.lines[0].items
    assert (item.qualifier, item.value, item.code) == (QUALIFIERS[code], "X-1", code)
    assert pairs_of([item]) == [code, "X-1"], "it goes back as it came"


def test_prices_per_hundred_are_brought_to_the_unit() -> None:
    line = mapped(with_body(BODY_850[7], "PO1*1*12*EA*995*HP*UP*012345678905")).order.lines[0]
    assert line.unit_price == Decimal("9.95")


def test_wrong_totals_are_notes_or_refusals_as_agreed() -> None:
    text = with_body("CTT*1", "CTT*4*99")
    told = ["CTT01 counts 4 lines, 1 came.", "CTT02 says 99 in all, the lines come to 12."]
    assert mapped(text).notes == told
    with pytest.raises(MappingError) as caught:
        read_850(set_of(text), account="D-100", options=OrderOptions(ctt="reject"))
    assert [p.sentence for p in caught.value.problems] == told


def test_dates_have_their_meaning_by_code() -> None:
    dates = "DTM*038*20261220~DTM*061*20261218~DTM*002*20261201~DTM*010*20261130~DTM*037*20261125~DTM*063*20261222"
    order = mapped(with_body(BODY_850[3], dates)).order
    assert (order.cancel_after, order.ship_not_later) == (dt.date(2026, 12, 18), dt.date(2026, 12, 20))
    assert (order.requested_on, order.ship_not_before) == (dt.date(2026, 12, 1), dt.date(2026, 11, 25))
    assert [(d.code, d.on.day) for d in order.dates] == [("010", 30), ("063", 22)]
