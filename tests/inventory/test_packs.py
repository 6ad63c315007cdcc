"""Units and packs: exact both ways, and never another quantity than was asked without being told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from distportal.canonical.parts import ItemId
from distportal.common.errors import Invalid
from distportal.common.units import common_step, stepped, to_base
from distportal.systems.erp.port import Change
from inventory.models import Item
from inventory.process.applying import apply_items
from inventory.queries.items import items_named
from inventory.queries.packs import base_of, sales_level, scanned_level, sold_as, terms_of
from inventory.queries.search import search_items
from tests.conftest import Cast

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
CASE, PALLET = "10812345000019", "20812345000016"


def item(*packs: tuple[str, str, bool], **values: Any) -> Item:
    return Item(
        sku="PIN-1", base_unit="EA", pack_unit="CA", pack_size=Decimal(12),
        packs=[{"unit": unit, "size": size, "barcode": "", "sold": sold} for unit, size, sold in packs], **values,
    )  # fmt: skip


LEVELS = (("CA", "12", True), ("PL", "480", True), ("PK", "6", False))


def test_every_level_is_converted_exactly() -> None:
    pin = item(*LEVELS)
    assert [(pack.unit, pack.size) for pack in pin.levels] == [("EA", 1), ("PK", 6), ("CA", 12), ("PL", 480)]
    assert [base_of(pin, Decimal(2), unit) for unit in ("EA", "PK", "CA", "PL", "DZ")] == [2, 12, 24, 960, None]
    with pytest.raises(Invalid, match="unit DZ is not one of this item"):
        to_base(Decimal(1), unit="DZ", packs=pin.levels)


def test_an_item_of_an_erp_that_tells_one_pack_has_that_one() -> None:
    assert [(pack.unit, pack.size) for pack in item().levels] == [("EA", 1), ("CA", 12)]


@pytest.mark.parametrize(
    ("asked", "unit", "sold"),
    [("24", "EA", "CA"), ("480", "EA", "PL"), ("2", "PK", "CA"), ("3", "CA", "CA"), ("25", "EA", None)],
)
def test_what_is_not_sold_singly_goes_in_the_largest_unit_that_makes_it_whole(
    asked: str, unit: str, sold: str | None
) -> None:
    pin = item(*LEVELS, base_sold=False)
    base = base_of(pin, Decimal(asked), unit)
    assert base is not None
    level = sales_level(pin, base, unit)
    assert (level.unit if level else None) == sold


def test_what_is_sold_singly_stays_as_it_was_asked() -> None:
    level = sales_level(item(*LEVELS), Decimal(480), "EA")
    assert level is not None
    assert level.unit == "EA"


@pytest.mark.parametrize(
    ("asked", "allowed", "below", "above"),
    [("24", True, "24", "24"), ("25", False, "24", "36"), ("12", False, None, "24"), ("0.5", False, None, "24")],
)
def test_a_quantity_is_allowed_or_the_next_ones_are_known(
    asked: str, allowed: bool, below: str | None, above: str
) -> None:
    terms = terms_of(item(*LEVELS, base_sold=False, min_quantity=Decimal(24)), "EA")
    base = Decimal(asked)
    assert (terms.allow(base), terms.above(base)) == (allowed, Decimal(above))
    assert terms.below(base) == (None if below is None else Decimal(below))


def test_pack_and_multiple_meet_in_one_step() -> None:
    assert common_step(Decimal(10), Decimal(12)) == 60
    assert common_step(Decimal("0.5"), Decimal("0.75")) == Decimal("1.5")
    assert [stepped(Decimal(61), step=Decimal(60), up=up) for up in (True, False)] == [120, 60]
    assert terms_of(item(("CA", "10", False), order_multiple=Decimal(12)), "CA").step == 60


@pytest.mark.parametrize(
    ("built", "said"),
    [
        (item(*LEVELS), ""),
        (item(*LEVELS, base_sold=False), "Sold in cases of 12 or pallets of 480"),
        (item(base_sold=False, min_quantity=Decimal(24)), "Sold in cases of 12, at least 24 EA"),
        (item(order_multiple=Decimal(5)), "Sold in multiples of 5 EA"),
        (item(min_quantity=Decimal(24)), "Sold, at least 24 EA"),
    ],
)
def test_how_it_is_sold_is_said_in_words(built: Item, said: str) -> None:
    assert sold_as(built) == said


def told(version: str = "1", **values: Any) -> Change:
    payload = {
        "sku": "PIN-1", "erp_code": "P1", "name": "Pin", "family": "Pins", "upc": "812345000012", "base_unit": "EA",
        "pack_unit": "CA", "pack_size": "12", "list_price": "1", "currency": "USD", "status": "active",
        "hazmat": False, "restricted_regions": [], **values,
    }  # fmt: skip
    return Change(kind="item", erp_id="P1", version=version, occurred_at=NOW, payload=payload)


@pytest.mark.django_db
def test_the_barcode_of_a_pack_finds_the_item_and_the_pack(cast: Cast) -> None:
    packs = [
        {"unit": "CA", "size": "12", "barcode": CASE},
        {"unit": "PL", "size": "480", "barcode": PALLET, "sold": False},
    ]
    assert apply_items([told(packs=packs, min_quantity="24", order_multiple="12")]).count == 1
    names = (ItemId(qualifier="gtin", value=CASE),)
    [found] = items_named(account_id=cast.harbor.pk, names=[names])
    assert found is not None
    assert (found.sku, found.min_quantity, found.order_multiple) == ("PIN-1", 24, 12)
    level = scanned_level(found, names)
    assert level is not None
    assert (level.unit, level.sold) == ("CA", True)
    assert [row.sku for row in search_items(text=PALLET)] == ["PIN-1"]
    assert items_named(account_id=cast.harbor.pk, names=[(ItemId(qualifier="gtin", value="30812345000013"),)]) == [None]


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["0", "-1", "NaN", "333.3333333"])
def test_a_level_that_cannot_be_counted_in_is_passed_over_and_the_item_stays(size: str) -> None:
    packs = [{"unit": "CA", "size": size}, {"unit": "PL", "size": "480"}]
    assert apply_items([told(packs=packs, pack_size="12")]).count == 1
    assert [pack.unit for pack in Item.objects.get(sku="PIN-1").levels] == ["EA", "CA", "PL"]


@pytest.mark.django_db
def test_an_older_version_brings_no_pack_back() -> None:
    apply_items([told("2", packs=[{"unit": "PL", "size": "480"}], pack_unit="EA", pack_size="1")])
    assert apply_items([told("1", packs=[{"unit": "CA", "size": "12"}])]).count == 0
    assert [pack.unit for pack in Item.objects.get(sku="PIN-1").levels] == ["EA", "PL"]
