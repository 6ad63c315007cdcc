"""Few rows or many, by arrays or by COPY: the newer wins, once, and nothing is half done."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import DataError, connection

from distportal.systems.erp.port import Change
from inventory.models import Item, StockLevel, Warehouse
from inventory.process import staging
from inventory.process.applying import apply_items, apply_stock
from inventory.process.merging import STOCK, merge_rows
from inventory.process.staging import Row
from tests.at_once import at_once

NOW = dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC)


@pytest.fixture(params=[1000, 0], ids=["arrays", "copy"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "FEW", request.param)


@pytest.fixture
def items(db: None) -> list[Item]:
    return Item.objects.bulk_create(
        Item(sku=f"S{n}", erp_code=f"S{n}", code_norm=f"S{n}", name="x", family="x", list_price=1, as_of=NOW)
        for n in range(3)
    )


def row(sku: str, available: str, minutes: int = 0, warehouse: str = "EAST") -> Row:
    at = (NOW + dt.timedelta(minutes=minutes)).isoformat()
    return ("default", sku, warehouse, available, available, None, "0", "[]", "[]", at, at)


def figures() -> dict[tuple[str, str], int]:
    rows = StockLevel.objects.values_list("item__sku", "warehouse__code", "available")
    return {(sku, code): int(available) for sku, code, available in rows}


def test_the_newer_wins_an_older_never_overwrites_an_equal_is_nothing_new(items: list[Item], way: None) -> None:
    assert merge_rows([row("S0", "5"), row("S1", "6"), row("S1", "7", warehouse="WEST")], into=STOCK).count == 3
    assert merge_rows([row("S0", "50"), row("S1", "60", -1), row("S1", "70", 1, "WEST")], into=STOCK).count == 1
    assert figures() == {("S0", "EAST"): 5, ("S1", "EAST"): 6, ("S1", "WEST"): 70}


def test_of_several_of_one_key_the_newest_counts(items: list[Item], way: None) -> None:
    assert merge_rows([row("S0", "1", 1), row("S0", "3", 3), row("S0", "2", 2)], into=STOCK).count == 1
    assert figures() == {("S0", "EAST"): 3}


def test_what_we_have_no_item_for_is_skipped_and_nothing_is_nothing(items: list[Item], way: None) -> None:
    assert merge_rows([row("NOTHING", "1")], into=STOCK).count == 0
    assert merge_rows([], into=STOCK).count == 0
    assert figures() == {}


def test_texts_that_look_like_the_formats_own_signs_are_kept(items: list[Item], way: None) -> None:
    code = "W\\N\t'{},\""
    assert merge_rows([row("S0", "1", warehouse=code)], into=STOCK).count == 1
    assert figures() == {("S0", code): 1}
    assert Warehouse.objects.get(code=code).name


@pytest.mark.django_db(transaction=True)
def test_a_page_that_breaks_half_way_changes_nothing(items: list[Item], way: None) -> None:
    merge_rows([row("S0", "5")], into=STOCK)
    with pytest.raises(DataError):
        merge_rows([row("S0", "6", 1), row("S1", "six", 1)], into=STOCK)
    assert figures() == {("S0", "EAST"): 5}
    assert merge_rows([row("S0", "6", 1)], into=STOCK).count == 1, "the next page finds no table in its way"


def test_two_merges_in_one_transaction(items: list[Item], way: None) -> None:
    assert [merge_rows([row("S0", "5", n)], into=STOCK).count for n in (1, 2, 1)] == [1, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_snapshot_and_feed_at_once_leave_the_newest(items: list[Item], way: None) -> None:
    def pages(minutes: int) -> int:
        rows = [row(i.sku, str(minutes), minutes, w) for i in items for w in ("EAST", "WEST")]
        return sum(merge_rows(rows if minutes % 2 else rows[::-1], into=STOCK).count for _ in range(5))

    at_once(*(partial(pages, minutes) for minutes in (3, 1, 4, 2)))
    assert set(figures().values()) == {4}
    assert len(figures()) == 6


def test_stock_that_the_erp_ended_is_nothing_and_supplies_are_replaced_with_the_figure(items: list[Item]) -> None:
    def told(minutes: int, *, deleted: bool = False, supplies: list[dict[str, str]] | None = None) -> Change:
        at = NOW + dt.timedelta(minutes=minutes)
        payload = {
            "sku": "S0", "warehouse": "EAST", "on_hand": "5", "available": "4", "as_of": at.isoformat(),
            "supply_on": None, "supply_quantity": "0", "supplies": supplies or [],
        }  # fmt: skip
        return Change(
            kind="stock", erp_id="x", version=at.isoformat(), occurred_at=at, payload=payload, deleted=deleted
        )

    coming = [{"on": "2026-12-20", "quantity": "7"}, {"on": "2026-12-04", "quantity": "40", "reference": "PO 7"}]
    assert apply_stock([told(0, supplies=coming)]).count == 1
    level = StockLevel.objects.get()
    assert (level.supplies, level.supply_on, level.supply_quantity) == (coming, dt.date(2026, 12, 4), 40)
    assert apply_stock([told(-1, deleted=True)]).count == 0
    assert apply_stock([told(1, deleted=True)]).count == 1
    level.refresh_from_db()
    assert (level.on_hand, level.available, level.supplies, level.supply_on) == (0, 0, [], None)


def test_the_table_of_a_merge_is_gone_after_it(items: list[Item], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "FEW", 0)
    merge_rows([row("S0", "5")], into=STOCK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('staged')")
        assert cursor.fetchone() == (None,)


def test_an_older_item_never_overwrites_a_newer_one(items: list[Item], way: None) -> None:
    def told(name: str, version: str, code: str = "N1") -> Change:
        payload = {
            "sku": f"sku {code}", "upc": "", "name": name, "family": "x", "base_unit": "EA", "pack_unit": "CA",
            "pack_size": "12", "list_price": "1.5", "currency": "USD", "status": "active", "hazmat": True,
            "restricted_regions": ["CA", 'N"Y'], "weight_lb": None,
        }  # fmt: skip
        return Change(kind="item", erp_id=code, version=version, occurred_at=NOW, payload=payload)

    assert apply_items([told("two", "2"), told("three", "3"), told("other", "1", "N2")]).count == 2
    assert apply_items([told("two", "2"), told("equal", "3")]).count == 0
    item = Item.objects.get(erp_code="N1")
    assert (item.name, item.code_norm, item.pack_size, item.hazmat) == ("three", "SKUN1", 12, True)
    assert item.restricted_regions == ["CA", 'N"Y']
    assert item.weight_lb is None
    ended = Change(kind="item", erp_id="N1", version="4", occurred_at=NOW, payload={}, deleted=True)
    older = Change(kind="item", erp_id="N2", version="0", occurred_at=NOW, payload={}, deleted=True)
    assert apply_items([ended, older]).count == 1
    assert apply_items([ended, told("late", "3")]).count == 0, "what came before its end does not bring it back"
    assert [Item.objects.get(erp_code=n).status for n in ("N1", "N2")] == ["discontinued", "active"]
