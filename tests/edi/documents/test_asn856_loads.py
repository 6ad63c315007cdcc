"""856 of a load with several orders: an O level each in every structure, and what holds goods of two of them once."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from mockedi import transactions

from distportal.canonical.shipments import Carton, Pallet, Shipment
from edi.documents.asn856 import Shipped, write_856
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements
from tests.edi.documents.golden import assert_golden
from tests.edi.documents.test_asn856 import CODES, FACTS, RELEASES, SHIPMENT, line
from tests.edi.documents.test_independent_parser import message

FIRST = dataclasses.replace(
    SHIPMENT,
    packed=(Carton(number=1, pallet=1, sscc=CODES[1]), Carton(number=2, pallet=1, sscc=CODES[2])),
    pallets=(Pallet(number=1, weight_lb=Decimal(90), sscc=CODES[101]),),
)
SECOND = dataclasses.replace(
    SHIPMENT,
    number="SH-2",
    order_key="k2",
    lines=(line("1", 4, 1), line("3", 30, 2)),
    tracking_number="1Z998",
    weight_lb=Decimal("17.5"),
    packed=(Carton(number=1, pallet=1, sscc=CODES[2]), Carton(number=2, pallet=1, sscc=CODES[4])),
    pallets=(Pallet(number=1, weight_lb=Decimal(90), sscc=CODES[101]),),
)
"""Its first carton is the second one of the other order, and both orders stand on one pallet."""
APART = dataclasses.replace(SECOND, packed=(Carton(number=1, sscc=CODES[3]), Carton(number=2, sscc=CODES[4])))
WHOLE = dataclasses.replace(FIRST, lines=(line("1", 12, 1), line("1", 8, 2)))


def load(first: Shipment, second: Shipment, **more: Any) -> list[Elements]:
    other = dataclasses.replace(FACTS, po_number="RL-70002", references=())
    return write_856([Shipped(first, FACTS, "44871"), Shipped(second, other, "44871")], **more)


def tree(body: list[Elements]) -> str:
    return "".join(row[3] for row in body if row[0] == "HL")


@RELEASES
@pytest.mark.parametrize(("name", "first", "second", "levels", "codes", "agreed"), [
    ("load_cartons", FIRST, SECOND, "SOPIPIIOPIPI", (1, 2, 2, 4), {}),
    ("load_pallets", FIRST, SECOND, "SOTPIPIIOTPIPI", (101, 1, 2, 101, 2, 4), {"pallets": True}),
    ("load_standard_packs", WHOLE, APART, "SOIPPOIPIP", (1, 2, 3, 4), {"structure": "0002"}),
    ("load_no_cartons", FIRST, SECOND, "SOIIOII", (), {"structure": "0004"}),
])  # fmt: skip
def test_each_structure_tells_both_orders(
    release: str, name: str, first: Shipment, second: Shipment, levels: str, codes: tuple[int, ...], agreed: Any
) -> None:
    body = load(first, second, release=release, **agreed)
    assert tree(body) == levels
    assert [row[1] for row in body if row[0] == "PRF"] == ["RL-70001", "RL-70002"]
    assert [row[2] for row in body if row[0] == "MAN"] == [f"00{CODES[n]}" for n in codes]
    shared = "packs" not in name
    assert [row[1:3] for row in body if row[0] == "TD1"] == [["CTN", "3" if shared else "4"], ["PLT", "1"]]
    assert body[-1] == ["CTT", str(len(levels))]
    assert_golden("856", name, body, release)


@RELEASES
@pytest.mark.parametrize(("name", "packed"), [
    ("load_cartons", [12, 8, 6, 4, 30]), ("load_pallets", [12, 8, 6, 4, 30]),
    ("load_standard_packs", [20, 4, 30]), ("load_no_cartons", [20, 6, 4, 30]),
])  # fmt: skip
def test_a_buyer_reads_every_item_of_both_orders(release: str, name: str, packed: list[int]) -> None:
    found = message("856", name, release)
    told = transactions.read_despatch(found, "X12")
    assert (told.shipment_id, told.scac, [item.quantity for item in told.items]) == ("SH-1", "UPSN", packed)
    assert [s.elements[0] for s in found.segments if s.tag == "PRF"] == ["RL-70001", "RL-70002"]


def test_a_standard_pack_with_goods_of_two_orders_is_refused() -> None:
    with pytest.raises(WriteError, match="SH-1 and SH-2; standard packs"):
        load(WHOLE, SECOND, structure="0002")
