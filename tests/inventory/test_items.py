"""Items are found by any of their names, and by what people half remember."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import F

from distportal.canonical.parts import ItemId, ItemQualifier
from distportal.common.errors import NotFound
from inventory.models import FeedCursor, Item, ItemCrossReference
from inventory.queries.items import families, item_with_sku, items_named
from inventory.queries.search import search_items
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def found(cast: Cast, qualifier: ItemQualifier, value: str) -> str:
    [item] = items_named(account_id=cast.harbor.pk, names=[[ItemId(qualifier=qualifier, value=value)]])
    return item.sku if item else ""


@pytest.mark.parametrize(
    ("qualifier", "value"),
    [
        ("sku", "FST-10001"), ("sku", "fst 10001"), ("vendor", "FST10001"), ("upc", "812345000016"),
        ("gtin", "00812345000016"), ("upc", "0812345000016"), ("other", "FST.10001"),
    ],
)  # fmt: skip
def test_an_item_is_known_by_each_of_its_names(
    synced: SandboxProcess, cast: Cast, qualifier: ItemQualifier, value: str
) -> None:
    assert found(cast, qualifier, value) == "FST-10001"


@pytest.mark.parametrize("value", ["", "-", "FST-1000", "812345000017", "  "])
def test_what_is_no_name_finds_nothing(synced: SandboxProcess, cast: Cast, value: str) -> None:
    assert found(cast, "sku", value) == found(cast, "upc", value) == ""


def test_a_buyers_own_number_counts_for_that_buyer_only(synced: SandboxProcess, cast: Cast) -> None:
    item = item_with_sku("PLB-30001")
    ItemCrossReference.objects.create(account=cast.harbor, code="HH 77-1", code_norm="HH771", item=item)
    assert found(cast, "buyer", "hh77-1") == "PLB-30001"
    stranger = cast.stranger.memberships.get().account
    assert items_named(account_id=stranger.pk, names=[[ItemId(qualifier="buyer", value="HH771")]]) == [None]


def test_our_own_code_wins_over_a_upc_that_says_otherwise(synced: SandboxProcess, cast: Cast) -> None:
    names = [ItemId(qualifier="upc", value="812345000016"), ItemId(qualifier="sku", value="PLB-30001")]
    [item] = items_named(account_id=cast.harbor.pk, names=[names])
    assert item is not None
    assert item.sku == "PLB-30001"


def test_four_hundred_names_cost_two_queries(
    synced: SandboxProcess, cast: Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    skus = list(Item.objects.values_list("sku", flat=True)) * 2
    with django_assert_num_queries(2):
        items = items_named(account_id=cast.harbor.pk, names=[[ItemId(qualifier="sku", value=sku)] for sku in skus])
    assert [i.sku for i in items if i] == skus


def first(text: str, family: str = "") -> list[str]:
    return [item.sku for item in search_items(text=text, family=family)[:3]]


def test_a_search_finds_the_code_before_what_is_like_it(synced: SandboxProcess) -> None:
    for text in ("FST-10001", "fst10001", "812345000016"):
        assert first(text)[0] == "FST-10001", text
    assert first("FST-1000")[:2] == ["FST-10001", "FST-10002"]
    assert first("bal valve 1/2 brass")[0] == "PLB-30001", "a slip of the pen"
    assert "HTL-40001" in first("claw fiberglass")
    assert first("claw hammer 16")[0] == "HTL-40001", "a whole word before the beginning of 160"
    assert first("zzqqxxzz") == []


def test_a_family_narrows_and_discontinued_items_are_not_offered(synced: SandboxProcess) -> None:
    assert all(sku.startswith("PLB-") for sku in first("", family="Plumbing"))
    assert "FST-10003" not in [item.sku for item in search_items(text="FST-10003")]


def test_an_unknown_sku_is_a_clear_error(synced: SandboxProcess) -> None:
    with pytest.raises(NotFound, match="There is no item NO-1"):
        item_with_sku("NO-1")


def test_families_are_read_again_when_the_erp_changed_an_item(synced: SandboxProcess) -> None:
    state = FeedCursor.objects.get(kind="item").changes_applied
    cache.delete_many([f"inventory:families:{state}", f"inventory:families:{state + 1000}"])
    assert families() == ["Electrical", "Fasteners", "Hand tools", "Plumbing", "Safety"]
    Item.objects.filter(family="Safety").update(family="Protection")
    assert "Protection" not in families(), "from the cache"
    FeedCursor.objects.filter(kind="item").update(changes_applied=F("changes_applied") + 1000)
    assert families() == ["Electrical", "Fasteners", "Hand tools", "Plumbing", "Protection"]


def test_without_redis_families_come_from_the_database(synced: SandboxProcess, settings: Any) -> None:
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    assert len(families()) == 5
