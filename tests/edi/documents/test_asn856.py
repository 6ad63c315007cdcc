"""856: the tree by partner, codes on cartons and pallets, and that every one passes our own maps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from distportal.canonical.parts import Address, ItemId, Reference
from distportal.canonical.shipments import Carton, Pallet, Shipment, ShipmentLine
from edi.documents.asn856 import Shipped, write_856
from edi.documents.order_facts import OrderFacts
from edi.documents.sscc import check_digit, plain_sscc, sscc18
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements
from tests.edi.documents.golden import assert_golden, assert_valid

UPC = ItemId(qualifier="upc", value="012345678905")
SKU = ItemId(qualifier="sku", value="FST-10001")
FACTS = OrderFacts(
    po_number="RL-70001",
    ordered_on=dt.date(2026, 11, 23),
    references=(Reference(qualifier="DP", value="017"), Reference(qualifier="IA", value="1")),
)


def noticed(shipment: Shipment, facts: OrderFacts, vendor_code: str = "", **more: Any) -> list[Elements]:
    """The 856 of one shipment."""
    return write_856([Shipped(shipment, facts, vendor_code)], **more)


RELEASES = pytest.mark.parametrize("release", ["004010", "005010"])
CODES = {n: sscc18("0614141", n) for n in range(300)}


def line(order_line: str, quantity: int, carton: int, unit: str = "EA") -> ShipmentLine:
    return ShipmentLine(
        order_line_no=order_line, items=(UPC, SKU), quantity=Decimal(quantity), unit=unit, carton=carton
    )


SHIPMENT = Shipment(
    number="SH-1",
    order_key="k",
    shipped_at=dt.datetime(2026, 11, 25, 16, 30, tzinfo=dt.UTC),
    ship_from=Address(
        code="DC1", name="Northline Supply", street="1 Dock Rd", city="Reno", region="NV", postcode="89501"
    ),
    ship_to=Address(code="0014", name="Ridgeline Store 14"),
    lines=(line("1", 12, 1), line("1", 8, 2), line("2", 6, 2, "BX")),
    carrier="UPSN",
    tracking_number="1Z999",
    bill_of_lading="BOL77",
    cartons=2,
    weight_lb=Decimal("42.50"),
    estimated_delivery_on=dt.date(2026, 11, 28),
    packed=(Carton(number=1, sscc=CODES[1]), Carton(number=2, sscc=CODES[2])),
)
PALLETISED = dataclasses.replace(
    SHIPMENT,
    lines=(
        dataclasses.replace(
            line("1", 12, 1), lot="L-77", expires_on=dt.date(2027, 6, 30), description="HEX BOLT", pack=6
        ),
        line("1", 8, 2),
        line("2", 6, 3, "BX"),
    ),
    cartons=3,
    trailer="TRL99",
    packed=(
        Carton(number=1, pallet=1, weight_lb=Decimal("20.5"), sscc=CODES[1]),
        Carton(number=2, pallet=1, weight_lb=Decimal(11), sscc=CODES[2]),
        Carton(number=3, pallet=2, weight_lb=Decimal(11), sscc=CODES[3]),
    ),
    pallets=(Pallet(number=1, weight_lb=Decimal(70), sscc=CODES[101]), Pallet(number=2, sscc=CODES[102])),
)


def tree(body: list[Elements]) -> list[list[str]]:
    return [row[1:] for row in body if row[0] == "HL"]


@RELEASES
def test_pick_and_pack_carries_an_sscc_per_carton(release: str) -> None:
    body = noticed(SHIPMENT, FACTS, vendor_code="44871", release=release)
    assert body[0] == ["BSN", "00", "SH-1", "20261125", "1630", "0001"]
    assert tree(body) == [
        ["1", "", "S", "1"],
        ["2", "1", "O", "1"],
        ["3", "2", "P", "1"],
        ["4", "3", "I", "0"],
        ["5", "2", "P", "1"],
        ["6", "5", "I", "0"],
        ["7", "5", "I", "0"],
    ]
    assert [row for row in body if row[0] == "MAN"] == [["MAN", "GM", f"00{CODES[1]}"], ["MAN", "GM", f"00{CODES[2]}"]]
    assert ["TD1", "CTN", "2", "", "", "", "G", "42.5", "LB"] in body
    assert ["TD5", "", "2", "UPSN"] in body
    assert [row[:3] for row in body if row[0] == "REF"] == [
        ["REF", "BM", "BOL77"],
        ["REF", "CN", "1Z999"],
        ["REF", "IA", "44871"],
        ["REF", "DP", "017"],
    ]
    assert [row[2] for row in body if row[0] == "SN1"] == ["12", "8", "6"]
    assert body[-1] == ["CTT", "7"]
    assert_golden("856", "cartons", body, release)


@RELEASES
def test_pallets_stand_above_their_cartons_with_codes_of_their_own(release: str) -> None:
    body = noticed(PALLETISED, FACTS, pallets=True, release=release)
    assert [(row[1], row[2]) for row in tree(body)] == [
        ("", "S"), ("1", "O"),
        ("2", "T"), ("3", "P"), ("4", "I"), ("3", "P"), ("6", "I"), ("2", "T"), ("8", "P"), ("9", "I"),
    ]  # fmt: skip
    codes = [row[2] for row in body if row[0] == "MAN"]
    assert codes == [f"00{CODES[n]}" for n in (101, 1, 2, 102, 3)]
    assert ["TD1", "PLT", "2"] in body
    assert ["TD3", "TL", "", "TRL99"] in body
    assert ["PO4", "", "", "", "PLT", "G", "70", "LB"] in body
    assert ["LIN", "1", "UP", "012345678905", "VN", "FST-10001", "LT", "L-77"] in body
    assert ["PID", "F", "", "", "", "HEX BOLT"] in body
    assert ["DTM", "036", "20270630"] in body
    assert_golden("856", "pallets", body, release)


@RELEASES
def test_who_wants_no_pallets_gets_the_cartons_alone(release: str) -> None:
    body = noticed(PALLETISED, FACTS, release=release)
    assert "T" not in [row[2] for row in tree(body)]
    assert_valid("856", body, release)


@RELEASES
def test_a_carton_on_no_pallet_stands_below_the_order(release: str) -> None:
    loose = (dataclasses.replace(PALLETISED.packed[0], pallet=0), *PALLETISED.packed[1:])
    body = noticed(dataclasses.replace(PALLETISED, packed=loose), FACTS, pallets=True, release=release)
    assert [row[2] for row in tree(body)][:4] == ["S", "O", "P", "I"]
    assert_valid("856", body, release)


@RELEASES
def test_standard_packs_stand_below_their_item(release: str) -> None:
    body = noticed(PALLETISED, FACTS, structure="0002", release=release)
    assert [(row[1], row[2]) for row in tree(body)] == [
        ("", "S"), ("1", "O"), ("2", "I"), ("3", "P"), ("3", "P"), ("2", "I"), ("6", "P"),
    ]  # fmt: skip
    assert [row[2] for row in body if row[0] == "SN1"] == ["20", "12", "8", "6", "6"]
    assert ["LIN", "1", "UP", "012345678905", "VN", "FST-10001"] in body, "the lot is not that of both cartons"
    assert_golden("856", "standard_packs", body, release)
    with pytest.raises(WriteError, match="Carton 2 holds the lines 1 and 2"):
        noticed(SHIPMENT, FACTS, structure="0002", release=release)


@RELEASES
def test_an_856_without_cartons_adds_up_each_line(release: str) -> None:
    body = noticed(dataclasses.replace(SHIPMENT, packed=()), FACTS, structure="0004", release=release)
    assert [row[2] for row in tree(body)] == ["S", "O", "I", "I"]
    assert [row[2] for row in body if row[0] == "SN1"] == ["20", "6"]
    assert [row for row in body if row[0] == "MAN"] == []
    assert_golden("856", "no_cartons", body, release)


def test_two_hundred_cartons_are_numbered_through() -> None:
    cartons = range(1, 201)
    large = dataclasses.replace(
        SHIPMENT,
        cartons=200,
        lines=tuple(line("1", 1, n) for n in cartons),
        packed=tuple(Carton(number=n, sscc=CODES[n]) for n in cartons),
    )
    body = noticed(large, FACTS)
    assert [row[0] for row in tree(body)] == [str(n) for n in range(1, 403)]
    assert len({row[2] for row in body if row[0] == "MAN"}) == 200
    assert body[-1] == ["CTT", "402"]
    assert_valid("856", body, "004010")


def test_an_impossible_856_is_refused() -> None:
    with pytest.raises(WriteError, match="structure"):
        noticed(SHIPMENT, FACTS, structure="0003")
    with pytest.raises(WriteError, match="no lines"):
        noticed(dataclasses.replace(SHIPMENT, lines=()), FACTS)
    with pytest.raises(WriteError, match="carton 1 has no SSCC-18"):
        noticed(dataclasses.replace(SHIPMENT, packed=()), FACTS)
    with pytest.raises(WriteError, match="pallet 1 has no SSCC-18"):
        noticed(dataclasses.replace(PALLETISED, pallets=()), FACTS, pallets=True)
    nameless = dataclasses.replace(SHIPMENT.lines[0], items=())
    with pytest.raises(WriteError, match="no item number"):
        noticed(dataclasses.replace(SHIPMENT, lines=(nameless,)), FACTS)


def test_check_digits_and_sscc() -> None:
    assert check_digit("01234567890") == "5"
    assert check_digit("00614141123456789") == "0"
    code = sscc18("0614141", 123456789)
    assert code == "006141411234567890"
    assert plain_sscc("(00) 0 0614141 123456789 0") == code
    with pytest.raises(WriteError, match="does not fit"):
        sscc18("0614141", 10**9)
    with pytest.raises(WriteError, match="7 to 10 digits"):
        sscc18("061", 1)
