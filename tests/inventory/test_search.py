"""The catalogue's search: what is typed finds, narrows, and where nothing is so, says what is near."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from distportal.accounts.models import Account
from inventory.models import Item, ItemCrossReference, Price, Reservation, SearchWord, StockLevel
from inventory.process.words import learn_words
from inventory.queries.facets import in_stock, on_contract
from inventory.queries.search import MOST, Found, find_items
from inventory.queries.words import nearest_words, slips_of
from tests.conftest import Cast
from tests.plans import plans_without_walks
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
Find = Callable[[str], Found]


@pytest.fixture
def find(cast: Cast, synced: SandboxProcess) -> Find:
    def find(text: str) -> Found:
        found = find_items(text=text, account_id=cast.harbor.pk, narrow=lambda rows: rows)
        assert find_items(text=text, account_id=cast.harbor.pk) == found, "prepared or not"
        return found

    return find


def skus(found: Found) -> list[str]:
    by_id = dict(Item.objects.values_list("pk", "sku"))
    return [by_id[pk] for pk in found.ids]


@pytest.mark.parametrize(
    "text", ["FST-10001", "fst 10001", "FST.10001", "  fst10001 ", "812345000016", "00812345000016"]
)
def test_one_code_however_it_is_written(find: Find, text: str) -> None:
    found = find(text)
    assert skus(found)[0] == "FST-10001"
    assert found.near == ""


@pytest.mark.parametrize(("text", "first"), [("FST-1001", "FST-10010"), ("10001", "FST-10001"), ("st100", "FST-10001")])
def test_a_part_of_a_code_finds_it(find: Find, text: str, first: str) -> None:
    found = find(text)
    assert skus(found)[0] == first
    assert found.near == "", "it is in the code as typed"


def test_own_numbers_stand_before_what_begins_so_and_are_nobody_elses(find: Find, cast: Cast) -> None:
    item = Item.objects.get(sku="PLB-30001")
    ItemCrossReference.objects.create(account=cast.harbor, code="FST-1000", code_norm="FST1000", item=item)
    assert skus(find("fst1000"))[:2] == ["PLB-30001", "FST-10001"]
    assert skus(find("FST-100"))[-1] == "PLB-30001", "an own number that begins so comes after our own"
    stranger = cast.stranger.memberships.get().account
    others = find_items(text="fst1000", account_id=stranger.pk, narrow=lambda rows: rows)
    assert "PLB-30001" not in skus(others)


@pytest.mark.parametrize(
    ("text", "near", "first"),
    [
        ("FST-1O001", "FST-10001", "FST-10001"),
        ("FST-100011", "FST-10001", "FST-10001"),
        ("PLB-03001", "PLB-30001", "PLB-30001"),
        ("vlave brass", "valve brass", "PLB-30001"),
        ("hamer claw", "hammer claw", "HTL-40001"),
    ],
)
def test_a_slip_finds_what_was_meant_and_says_so(find: Find, text: str, near: str, first: str) -> None:
    found = find(text)
    assert (found.near, skus(found)[0]) == (near, first)


def test_words_that_no_name_has_together_find_what_has_all_but_one(find: Find) -> None:
    found = find("fiberglass claw valve")
    assert found.near.startswith("fiberglass claw or ")
    assert "HTL-40001" in skus(found)


@pytest.mark.parametrize("text", ["", "  ", "-", "%", "qzxw77qq", "🔩"])
def test_nothing_is_like_it(find: Find, text: str) -> None:
    assert find(text) == Found()


def test_an_exact_search_shows_nothing_that_is_merely_near(find: Find) -> None:
    assert all("FST1000" in sku.replace("-", "") for sku in skus(find("FST-1000")))


def test_what_ended_is_found_by_its_code_only_where_something_came_instead(find: Find) -> None:
    Item.objects.filter(sku="FST-10001").update(status="discontinued", last_order_on="2020-01-01")
    assert "FST-10001" not in skus(find("FST-10001"))
    told = [{"sku": "FST-10002", "reason": "replaced_by", "priority": 0, "valid_from": None, "valid_until": None}]
    Item.objects.filter(sku="FST-10001").update(substitutes=told)
    assert skus(find("FST-10001"))[0] == "FST-10001"
    assert "FST-10001" not in skus(find("FST-1000"))


def test_in_stock_is_what_is_not_held_already(cast: Cast, synced: SandboxProcess) -> None:
    item = Item.objects.get(sku="FST-10001")
    here = Item.objects.filter(pk=item.pk)
    StockLevel.objects.filter(item=item).update(available=0)
    assert not in_stock(here, cast.harbor).exists()
    place = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    StockLevel.objects.filter(pk=place.pk).update(available=5)
    assert in_stock(here, cast.harbor).exists()
    held = Reservation.objects.create(
        item=item, warehouse=place.warehouse, demand_ref="order:x:1", quantity=Decimal(5), state="held"
    )
    assert not in_stock(here, cast.harbor).exists()
    Reservation.objects.filter(pk=held.pk).update(state="released")
    assert in_stock(here, cast.harbor).exists()


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({}, True), ({"withdrawn": True}, False), ({"currency": "EUR"}, False), ({"account": None}, False),
        ({"valid_from": 1}, False), ({"valid_from": -9, "valid_until": -1}, False), ({"valid_until": 0}, True),
    ],
)  # fmt: skip
def test_on_contract_is_what_holds_today_for_the_account(
    cast: Cast, synced: SandboxProcess, change: dict[str, object], shown: bool
) -> None:
    today = timezone.localdate()
    item = Item.objects.get(sku="SAF-50001")
    Price.objects.filter(item=item).delete()
    dated = {
        k: today + dt.timedelta(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in change.items()
    }
    values = {"account": cast.harbor, "valid_from": today, "withdrawn": False, "currency": "USD", **dated}
    Price.objects.create(item=item, contract="C-1", unit_price=Decimal(1), as_of=timezone.now(), erp_id="t1", **values)
    assert on_contract(Item.objects.filter(pk=item.pk), cast.harbor).exists() is shown
    assert not on_contract(Item.objects.filter(pk=item.pk), Account.objects.get(code="SUMMIT")).exists()


def test_words_are_learnt_with_the_feed_and_figures_are_none(cast: Cast, synced: SandboxProcess) -> None:
    known = set(SearchWord.objects.values_list("word", flat=True))
    assert {"brass", "hammer", "valve"} <= known
    assert not [word for word in known if any(sign.isdigit() for sign in word)]
    learn_words(["Größe Ventil 3/4", "Größe"])
    assert nearest_words(["ventill", "größe", "xxqqzz"]) == {"ventill": "ventil", "größe": "größe"}


def test_a_slip_is_one_and_never_the_word_itself() -> None:
    slips = slips_of("FST1O")
    assert {"FST10", "FTS1O", "FSTO1", "ST1O"} <= set(slips)
    assert "FST1O" not in slips


def test_every_step_of_a_search_has_its_index(cast: Cast, synced: SandboxProcess) -> None:
    """Where walking through all rows, or through a whole index, is forbidden, nothing else is left to do so."""
    with plans_without_walks() as plans:
        for text in ("ball valve", "fst1O001"):
            find_items(text=text, account_id=cast.harbor.pk, narrow=lambda rows: rows)
    whole = plans()
    for index in ("name_words", "name_upper", "code_trgm", "code_begins", "barcodes"):
        assert f"inventory_item_{index}" in whole, index
    assert "Seq Scan on inventory_item " not in whole


def test_no_more_are_found_than_are_looked_at(cast: Cast, synced: SandboxProcess) -> None:
    made = Item.objects.bulk_create(
        Item(
            sku=f"ZZ-{n:05d}", code_norm=f"ZZ{n:05d}", erp_code=f"Z{n}", name=f"Zebra rail {n}", family="Rails",
            list_price=Decimal(1), as_of=timezone.now(),
        )
        for n in range(MOST + 5)
    )  # fmt: skip
    found = find_items(text="zebra", account_id=None, narrow=lambda rows: rows)
    assert found.more
    assert found.ids == tuple(item.pk for item in made[:MOST])
