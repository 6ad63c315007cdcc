"""860 -> canonical change: the samples, and what cannot be read."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from distportal.canonical.base import from_json, to_json
from distportal.canonical.orders import OrderChange
from edi.documents.change_routes import PartOfPo, route_change
from edi.documents.order_changes import change_of
from edi.documents.po850 import read_850
from edi.documents.poc860 import KINDS, Mapped860, read_860
from edi.x12.errors import MappingError
from tests.edi.documents.samples import SAMPLES, clean_set, samples_of
from tests.edi.x12.texts import group, interchange, set_of, tset

BCH = "BCH*04*SA*PO-1**1*20261123*****20261125"


def mapped(*rows: str) -> Mapped860:
    return read_860(set_of(interchange(group(tset(*rows, set_id="860"), functional_id="PC"))), account="D-100")


def problems(*rows: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        mapped(*rows)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("path", samples_of("860"), ids=lambda p: p.stem)
def test_each_sample_gives_its_canonical_change(path: Path) -> None:
    result = read_860(clean_set(path), account="RIDGELINE")
    expected = json.loads(path.with_suffix(".json").read_text())
    assert {"change": to_json(result.change), "sources": result.sources, "notes": result.notes} == expected
    assert from_json(OrderChange, expected["change"]) == result.change


def test_the_sample_knows_every_line_change() -> None:
    change = read_860(clean_set(SAMPLES / "860" / "every_line_004010.edi"), account="RIDGELINE").change
    assert {line.code for line in change.lines} == set(KINDS)


def test_only_what_the_code_is_about_counts() -> None:
    (line,) = mapped(BCH, "POC*1*PC*99**EA*4.5*PE*UP*012345678905").change.lines
    assert (line.quantity, line.unit_price, line.items, line.unit) == (None, Decimal("4.5"), (), "")


def test_all_problems_are_told_at_once() -> None:
    found = problems("BCH*99*SA**", "POC*1*QI", "POC*2*XX*1**EA", "POC*3*QD*-1**EA", "POC*4*AI*1**EA", "POC*5*RS")
    assert found == [
        "BCH01 (segment 2): The purpose '99' of a change is not known here.",
        "BCH03 (segment 2): The purchase order number is missing.",
        "BCH06 (segment 2): The change has no date (BCH06 or BCH11).",
        "POC (segment 3): The line change QI gives no quantity.",
        "POC02 (segment 4): The line change 'XX' is not known here.",
        "POC03 (segment 5): The quantity '-1' is below zero.",
        "POC (segment 6): The line change AI gives no item.",
        "POC (segment 7): The line change RS gives no date.",
    ]


def test_a_change_of_nothing_is_told() -> None:
    assert problems(BCH) == ["POC (segment 2): The change names neither a line nor a date."]


def test_an_850_that_replaces_is_the_same_change() -> None:
    order = read_850(clean_set(SAMPLES / "850" / "replace_004010.edi"), account="RIDGELINE").order
    change = change_of(order)
    assert (change.purpose, change.po_number, change.ship_to) == ("replace", "RL-80001", order.ship_to)
    assert [(ln.kind, ln.line_no, ln.quantity, ln.code) for ln in change.lines] == [("replace", "1", Decimal(30), "RZ")]


PARTS = {
    "a": PartOfPo(place="0001", lines=frozenset({"1", "2"})),
    "b": PartOfPo(place="0002", lines=frozenset({"1"})),
}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["POC*1*QD*7**EA", "SDQ*EA*92*0001*5*0002*2"], {"a": [("1", 5)], "b": [("1", 2)]}),
        (["POC*2*QD*7**EA"], {"a": [("2", 7)]}),
        (["POC*1*DI"], {"a": [("1", None)], "b": [("1", None)]}),
        (["N1*ST**92*0002", "POC*1*QD*7**EA"], {"b": [("1", 7)]}),
        (["DTM*010*20261205"], {"a": [], "b": []}),
    ],
)
def test_a_change_finds_its_orders(rows: list[str], expected: dict[str, list[tuple[str, int | None]]]) -> None:
    routed = route_change(mapped(BCH, *rows).change, PARTS)
    assert routed.problems == ()
    assert {key: [(ln.line_no, ln.quantity) for ln in c.lines] for key, c in routed.changes.items()} == expected


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["POC*1*QD*7**EA"], "Line 1 does not say for which ship-to it is"),
        (["POC*9*QD*7**EA"], "Line 9 is in no order of the PO"),
        (["POC*1*QD*7**EA", "SDQ*EA*92*0009*7"], "Line 1 names 0009, where no order of the PO goes"),
        (["N1*ST**92*0009", "POC*1*DI"], "No order of the PO goes to 0009"),
    ],
)
def test_a_change_that_does_not_say_where_is_not_guessed(rows: list[str], problem: str) -> None:
    routed = route_change(mapped(BCH, *rows).change, PARTS)
    assert (dict(routed.changes), routed.problems) == ({}, (problem,))
