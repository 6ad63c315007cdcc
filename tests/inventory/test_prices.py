"""One price function: contract before price list before list price, by quantity and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.accounts.models import Account
from inventory.models import Item, Price
from inventory.queries.items import item_with_sku
from inventory.queries.prices import PriceQuote, prices_for
from tests.conftest import Cast
from tests.days import ahead
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def quote(account: str, sku: str, quantity: str = "1", on: dt.date | None = None) -> PriceQuote:
    item = item_with_sku(sku)
    owner = Account.objects.get(code=account)
    return prices_for(account_id=owner.pk, wanted={item.pk: Decimal(quantity)}, on=on or ahead())[item.pk]


def test_each_account_has_its_own_ladder(synced: SandboxProcess) -> None:
    steps = [("1", "0.42"), ("11", "0.42"), ("1000000", "0.38")]
    assert [str(quote("CRESTLINE", "FST-10001", q).unit_price.normalize()) for q, _ in steps] == [
        "0.42",
        "0.42",
        "0.38",
    ]
    assert quote("HARBOR", "FST-10001").unit_price == Decimal("0.48")
    ladder = quote("CRESTLINE", "FST-10001").ladder
    assert [rung.min_quantity for rung in ladder] == sorted(rung.min_quantity for rung in ladder)
    for rung in ladder:
        at, below = quote("CRESTLINE", "FST-10001", str(rung.min_quantity)), rung.min_quantity - 1
        assert at.unit_price == rung.unit_price
        assert below < 1 or quote("CRESTLINE", "FST-10001", str(below)).unit_price > rung.unit_price


def test_a_price_says_why_it_is_so(synced: SandboxProcess) -> None:
    assert quote("HARBOR", "FST-10001").reason == "contract CN-4001"
    assert quote("HARBOR", "FST-10001", "100").reason == "contract CN-4001, tier ≥ 50"


def test_a_contract_counts_from_its_first_to_its_last_day(synced: SandboxProcess, cast: Cast) -> None:
    item = item_with_sku("SAF-50001")
    general = quote("HARBOR", item.sku).unit_price
    Price.objects.filter(item=item, account=cast.harbor).delete()
    first, last = ahead(), ahead(9)
    Price.objects.create(
        erp_id="t1", account=cast.harbor, item=item, contract="K-9", min_quantity=1, unit_price=Decimal("0.01"),
        currency="USD", valid_from=first, valid_until=last, as_of=item.as_of, erp_version="1",
    )  # fmt: skip
    day = dt.timedelta(days=1)
    assert [quote("HARBOR", item.sku, on=on).unit_price for on in (first, last)] == [Decimal("0.01")] * 2
    assert Decimal("0.01") not in [quote("HARBOR", item.sku, on=on).unit_price for on in (first - day, last + day)]
    assert quote("SUMMIT", item.sku, on=first).unit_price != Decimal("0.01"), "it is Harbor's"
    assert f"to {last:%d %b %Y}" in quote("HARBOR", item.sku, on=first).reason
    assert general > Decimal("0.01")


def test_without_any_rung_the_list_price_counts(synced: SandboxProcess) -> None:
    item = item_with_sku("SAF-50001")
    Price.objects.filter(item=item).delete()
    found = quote("HARBOR", item.sku)
    assert (found.unit_price, found.reason, found.ladder) == (item.list_price, "list price", ())


def test_many_prices_cost_one_query(
    synced: SandboxProcess, cast: Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    wanted = {pk: Decimal(1) for pk in Item.objects.values_list("pk", flat=True)}
    with django_assert_num_queries(1):
        assert len(prices_for(account_id=cast.harbor.pk, wanted=wanted, on=ahead())) == 200
