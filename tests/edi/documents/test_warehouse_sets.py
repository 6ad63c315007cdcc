"""940, 943 out and 945, 944 in: their content in both releases, and what cannot be written or read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from distportal.canonical.base import to_json
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.warehouse import StockTransfer, WarehouseLine, WarehouseOrder
from edi.documents.advice945 import read_945
from edi.documents.order940 import write_940
from edi.documents.receipt944 import read_944
from edi.documents.transfer943 import write_943
from edi.documents.values import number_text
from edi.x12.errors import MappingError, WriteError
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, Segment
from tests.edi.documents.golden import SAMPLES, assert_golden, assert_valid, sample

RELEASES = pytest.mark.parametrize("release", ["004010", "005010"])
SKU = ItemId(qualifier="sku", value="FST-10001")
UPC = ItemId(qualifier="upc", value="812345000016")
RENO = Address(code="RENO", name="Reno", city="Reno", region="NV", postcode="89501")
LINES = (
    WarehouseLine(line_no="1", items=(UPC, SKU), quantity=Decimal(100), unit="EA", description="HEX BOLT 3/8"),
    WarehouseLine(line_no="2", items=(SKU,), quantity=Decimal("2.5"), unit="BX", lot="L-7"),
)
ORDER = WarehouseOrder(
    number="SO-100001-RENO",
    purpose="original",
    order_number="SO-100001",
    warehouse=RENO,
    ship_to=Address(
        code="0117", name="Crestline 0117", street="1 Mall Rd", city="Boise", region="ID", postcode="83702"
    ),
    lines=LINES,
    po_number="CR-88001",
    requested_on=dt.date(2026, 12, 1),
    cancel_after=dt.date(2026, 12, 8),
    ship_complete=True,
)
TRANSFER = StockTransfer(
    number="TR-1",
    shipped_on=dt.date(2026, 11, 24),
    expected_on=dt.date(2026, 11, 27),
    ship_from=Address(code="DAYTON", name="Dayton"),
    warehouse=RENO,
    lines=LINES,
    carrier="ODFL",
    tracking_number="PRO-1",
    bill_of_lading="BOL-1",
)


@RELEASES
def test_a_940_names_number_place_dates_and_each_line(release: str) -> None:
    body = write_940(ORDER, release=release)
    assert body[0] == ["W05", "N", "SO-100001-RENO", "CR-88001"]
    assert ["W01", "100", "EA", "", "VN", "FST-10001", "UP", "812345000016"] in body
    assert ["N9", "LI", "2"] in body
    assert [row for row in body if row[0] == "G62"] == [["G62", "10", "20261201"], ["G62", "01", "20261208"]]
    assert body[-1] == ["W76", "102.5"]
    assert_golden("940", "order", body, release)


@RELEASES
@pytest.mark.parametrize(("purpose", "code"), [("change", "R"), ("cancel", "F")])
def test_a_940_that_changes_or_cancels_bears_the_same_number(purpose: Any, code: str, release: str) -> None:
    body = write_940(dataclasses.replace(ORDER, purpose=purpose), release=release)
    assert body[0][:3] == ["W05", code, "SO-100001-RENO"]
    assert_valid("940", body, release)


@RELEASES
def test_a_943_tells_what_is_under_way(release: str) -> None:
    body = write_943(TRANSFER, release=release)
    assert body[0] == ["W06", "J", "TR-1", "20261124", "BOL-1"]
    assert ["W27", "M", "ODFL", ""] in body
    assert ["W04", "2.5", "BX", "", "VN", "FST-10001"] in body
    assert_golden("943", "transfer", body, release)


def test_what_says_nothing_is_not_sent() -> None:
    with pytest.raises(WriteError, match="asks for nothing"):
        write_940(dataclasses.replace(ORDER, lines=()))
    with pytest.raises(WriteError, match="no lines"):
        write_943(dataclasses.replace(TRANSFER, lines=()))
    nameless = dataclasses.replace(LINES[0], items=(ItemId(qualifier="buyer", value="X"),))
    with pytest.raises(WriteError, match="Line 1 has no item number"):
        write_940(dataclasses.replace(ORDER, lines=(nameless,)))


@RELEASES
@pytest.mark.parametrize(
    ("set_id", "name", "read"), [("945", "cartons", read_945), ("945", "plain", read_945), ("944", "receipt", read_944)]
)
def test_samples_read_as_their_canonical_object(
    set_id: str, name: str, read: Callable[[TransactionSet], object], release: str
) -> None:
    expected = json.loads((SAMPLES / set_id / f"{name}.json").read_text())
    assert to_json(read(sample(set_id, name, release))) == expected


def made(set_id: str, *rows: Elements) -> TransactionSet:
    plain = sample("945", "plain", "004010")
    segments = [Segment(["ST", set_id, "0001"], 0, 1), *(Segment(list(r), 0, n) for n, r in enumerate(rows, 2))]
    return dataclasses.replace(plain, st01=set_id, segments=segments)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["W12", "CC", "1", "1", "", "EA", "", "VN", "A"]], "no header"),
        ([["W06", "F", "SO-1", "20261125"]], "no lines"),
        ([["W06", "F", "", "20261125"], ["W12", "CC", "1", "1", "", "EA", "", "VN", "A"]], "number of our order"),
        ([["W06", "D", "SO-1", "20261125"], ["W12", "CC", "1", "1", "", "EA", "", "VN", "A"]], "earlier one back"),
        ([["W06", "F", "SO-1", "20261325"], ["W12", "CC", "1", "1", "", "EA", "", "VN", "A"]], "not a date"),
        ([["W06", "F", "SO-1", "20261125"], ["W12", "CC", "1", "1", "", "EA"]], "names no item"),
        ([["W06", "F", "SO-1", "20261125"], ["W12", "CC", "x", "1", "", "EA", "", "VN", "A"]], "not a number"),
        (
            [["W06", "F", "SO-1", "20261125"], ["LX", "1"], ["MAN", "GM", "00123456789012345678"],
             ["W12", "CC", "1", "1", "", "EA", "", "VN", "A"]],
            "check digit",
        ),
    ],
)  # fmt: skip
def test_a_945_that_cannot_be_understood_says_why(rows: list[Elements], problem: str) -> None:
    with pytest.raises(MappingError, match=problem):
        read_945(made("945", *rows))


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["W07", "1", "EA", "", "VN", "A"]], "no header"),
        ([["W17", "F", "20261128", "R1", "TR-1"]], "no lines"),
        ([["W17", "F", "20261128", "", "TR-1"], ["W07", "1", "EA", "", "VN", "A"]], "number of the receipt"),
        ([["W17", "F", "", "R1", "TR-1"], ["W07", "1", "EA", "", "VN", "A"]], "date of the receipt is missing"),
        ([["W17", "F", "20261128", "R1", "TR-1"], ["W07", "", "EA", "", "VN", "A"]], "quantity received is missing"),
        ([["W17", "F", "20261128", "R1", "TR-1"], ["W07", "1", "EA"]], "names no item"),
    ],
)
def test_a_944_that_cannot_be_understood_says_why(rows: list[Elements], problem: str) -> None:
    with pytest.raises(MappingError, match=problem):
        read_944(made("944", *rows))


def test_without_a_number_of_its_own_a_945_is_known_by_its_day() -> None:
    found = read_945(made("945", ["W06", "F", "SO-1", "20261125"], ["W12", "CC", "2", "2", "", "EA", "", "VN", "A"]))
    assert found.number == "20261125"
    assert number_text(found.lines[0].quantity) == "2"
