"""846 both ways and 832 out: their content in both releases, empty, wrong and huge."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
from decimal import Decimal

import pytest

from distportal.canonical.base import to_json
from distportal.canonical.parts import Address, ItemId
from edi.documents.catalogue832 import Catalogue, CatalogueItem, CataloguePrice, write_832
from edi.documents.stock846 import MOST_LINES, StockAdvice, StockFigure, read_846, write_846
from edi.x12.errors import MappingError, WriteError
from edi.x12.tokens import Segment
from tests.edi.documents.golden import SAMPLES, assert_golden, assert_valid, sample

RELEASES = pytest.mark.parametrize("release", ["004010", "005010"])
BOLT = (ItemId(qualifier="upc", value="812345000016"), ItemId(qualifier="sku", value="FST-10001"))
NUT = (ItemId(qualifier="sku", value="FST-10002"),)
NOON = dt.datetime(2026, 11, 25, 12, 5, tzinfo=dt.UTC)
FIGURES = (
    StockFigure(BOLT, "EA", Decimal(240), Decimal(260), Decimal(500), dt.date(2026, 12, 4)),
    StockFigure(NUT, "EA", Decimal(0), Decimal(0)),
    StockFigure((ItemId(qualifier="sku", value="OLD-1"),), "EA", Decimal(7), discontinued=True, supply=Decimal(9)),
)
ADVICE = StockAdvice(number="846-CRESTLINE-1", at=NOON, figures=FIGURES, vendor_code="44871")
ITEM = CatalogueItem(
    BOLT,
    "HEX BOLT 3/8",
    "EA",
    (
        CataloguePrice(Decimal("0.42"), Decimal(1), True, dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        CataloguePrice(Decimal("0.3995"), Decimal(100), True, dt.date(2026, 1, 1), None),
    ),
    "CA",
    50,
    Decimal("0.25"),
)
CATALOGUE = Catalogue(
    number="20261125",
    part="1",
    on=dt.date(2026, 11, 25),
    items=(ITEM, CatalogueItem(NUT, "NUT", "EA", (CataloguePrice(Decimal(6)),))),
    vendor_code="44871",
)


@RELEASES
def test_an_846_tells_available_on_hand_and_what_comes(release: str) -> None:
    body = write_846(ADVICE, release=release)
    assert body[0] == ["BIA", "00", "SI", "846-CRESTLINE-1", "20261125", "1205"]
    first = body[body.index(["LIN", "1", "UP", "812345000016", "VN", "FST-10001"]) :]
    assert first[1:7] == [
        ["QTY", "33", "240", "EA"],
        ["QTY", "17", "260", "EA"],
        ["QTY", "63", "500", "EA"],
        ["DTM", "018", "20261204"],
        ["QTY", "29", "740", "EA"],
        ["DTM", "018", "20261204"],
    ]
    assert body[-4:] == [
        ["LIN", "3", "VN", "OLD-1"],
        ["PID", "F", "", "", "", "DISCONTINUED"],
        ["QTY", "33", "7", "EA"],
        ["CTT", "3"],
    ]
    assert_golden("846", "advice", body, release)


@RELEASES
def test_figures_per_warehouse_name_their_place(release: str) -> None:
    there = [
        dataclasses.replace(FIGURES[0], place=Address(code=code, name=code.title())) for code in ("RENO", "DAYTON")
    ]
    body = write_846(dataclasses.replace(ADVICE, figures=there, delta=True), release=release)
    assert body[0][1] == "04"
    assert [row for row in body if row[0] == "N1"] == [
        ["N1", "WH", "Reno", "91", "RENO"],
        ["N1", "WH", "Dayton", "91", "DAYTON"],
    ]
    assert_golden("846", "by_warehouse", body, release)


@RELEASES
def test_an_item_that_nobody_knows_is_told_as_it_was_asked(release: str) -> None:
    asked = (ItemId(qualifier="other", value="C-4711"),)
    figure = StockFigure(asked, "EA", Decimal(0), note="Not an item of ours")
    body = write_846(dataclasses.replace(ADVICE, figures=[figure]), release=release)
    assert ["LIN", "1", "BP", "C-4711"] in body
    assert ["PID", "F", "", "", "", "Not an item of ours"] in body
    assert_valid("846", body, release)


def test_an_advice_of_nothing_is_not_sent() -> None:
    with pytest.raises(WriteError, match="nothing to tell"):
        write_846(dataclasses.replace(ADVICE, figures=()))


@RELEASES
def test_an_inquiry_reads_as_what_is_asked(release: str) -> None:
    expected = json.loads((SAMPLES / "846" / "inquiry.json").read_text())
    assert to_json(read_846(sample("846", "inquiry", release))) == expected


def test_an_advice_is_no_inquiry_and_an_empty_one_asks_nothing() -> None:
    inquiry = sample("846", "inquiry", "004010")
    with pytest.raises(MappingError, match="It is no inquiry"):
        read_846(sample("846", "advice", "004010"))
    with pytest.raises(MappingError, match="names no item"):
        read_846(dataclasses.replace(inquiry, segments=inquiry.segments[:2]))
    with pytest.raises(MappingError, match="no header"):
        read_846(dataclasses.replace(inquiry, segments=[Segment(["ST", "846"], 0, 1)]))


def test_more_lines_than_a_set_holds_are_refused() -> None:
    most = [FIGURES[1]] * MOST_LINES
    assert write_846(dataclasses.replace(ADVICE, figures=most))[-1] == ["CTT", "10000"]
    with pytest.raises(WriteError, match="in parts"):
        write_846(dataclasses.replace(ADVICE, figures=[*most, FIGURES[1]]))


@RELEASES
def test_an_832_tells_pack_and_every_step_of_the_price(release: str) -> None:
    body = write_832(CATALOGUE, release=release)
    assert body[0] == ["BCT", "PC", "20261125", "", "1", "", "", "", "", "", "00"]
    at = body.index(["LIN", "1", "UP", "812345000016", "VN", "FST-10001"])
    assert body[at + 1 : at + 8] == [
        ["PID", "F", "", "", "", "HEX BOLT 3/8"],
        ["PO4", "50", "1", "CA", "", "G", "0.25", "LB"],
        ["CTP", "", "CON", "0.42", "1", "EA"],
        ["DTM", "007", "20260101"],
        ["DTM", "036", "20261231"],
        ["CTP", "", "CON", "0.3995", "100", "EA"],
        ["DTM", "007", "20260101"],
    ]
    assert ["CTP", "", "LPR", "6", "1", "EA"] in body
    assert body[-1] == ["CTT", "2"]
    assert_golden("832", "catalogue", body, release)


def test_a_catalogue_without_items_prices_or_numbers_is_not_sent() -> None:
    for items, problem in (
        ((), "no items"),
        ((dataclasses.replace(ITEM, prices=()),), "no price"),
        ((dataclasses.replace(ITEM, items=()),), "no item number"),
    ):
        with pytest.raises(WriteError, match=problem):
            write_832(dataclasses.replace(CATALOGUE, items=items))


def test_a_hundred_thousand_items_are_written_part_by_part() -> None:
    """A part at a time is in memory; each is whole in itself."""
    items = (dataclasses.replace(ITEM, description=f"ITEM {n}") for n in range(100_000))
    parts = lines = 0
    while part := list(itertools.islice(items, 2_000)):
        parts += 1
        body = write_832(dataclasses.replace(CATALOGUE, items=part, part=str(parts)))
        lines += sum(row[0] == "LIN" for row in body)
    assert (parts, lines) == (50, 100_000)
