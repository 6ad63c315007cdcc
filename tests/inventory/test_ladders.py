"""Contract before the group's list before the general list; what really counts from each quantity on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from distportal.accounts.models import Account
from distportal.systems.erp.port import Change
from inventory.models import Item, Price
from inventory.process.applying import apply_prices
from inventory.queries.prices import PriceQuote, prices_for
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
Quote = Callable[..., PriceQuote]


def rung(key: str, price: str, *, version: str = "1", deleted: bool = False, **more: Any) -> Change:
    payload = {
        "sku": "A-1", "account": "", "contract": "", "min_quantity": "1", "unit_price": price, "currency": "USD",
        "valid_from": "2026-01-01", "valid_until": None, **more,
    }  # fmt: skip
    payload = {} if deleted else payload
    return Change(kind="price", erp_id=key, version=version, occurred_at=NOW, payload=payload, deleted=deleted)


@pytest.fixture
def quote(cast: Cast) -> Quote:
    item = Item.objects.create(
        sku="A-1", erp_code="A1", code_norm="A1", name="A", family="x", list_price=Decimal(9), as_of=NOW
    )

    def read(quantity: int = 1, *, on: dt.date = TODAY, account: str = "HARBOR") -> PriceQuote:
        owner = Account.objects.get(code=account)
        return prices_for(account_id=owner.pk, wanted={item.pk: Decimal(quantity)}, on=on)[item.pk]

    Account.objects.filter(code="HARBOR").update(price_group="GOLD")
    return read


def test_the_contract_counts_first_and_leaves_small_quantities_to_the_lists(quote: Quote) -> None:
    general, gold = rung("1", "8.00"), rung("2", "7.00", price_group="GOLD", min_quantity="12")
    silver = rung("3", "1.00", price_group="SILVER")
    contract = rung("4", "6.00", account="HARBOR", contract="C-12", min_quantity="48", valid_until="2026-12-31")
    assert apply_prices([general, gold, silver, contract]).count == 4
    found = [(q.unit_price, q.reason) for q in map(quote, (1, 12, 47, 48))]
    assert found == [
        (8, "price list"),
        (7, "price list GOLD, tier ≥ 12"),
        (7, "price list GOLD, tier ≥ 12"),
        (6, "contract C-12, tier ≥ 48, to 31 Dec 2026"),
    ]
    assert [(r.min_quantity, r.unit_price, r.contract) for r in quote().ladder] == [
        (1, 8, False), (12, 7, False), (48, 6, True),
    ]  # fmt: skip
    assert quote(48, on=dt.date(2027, 1, 1)).unit_price == 7
    assert quote(48, account="SUMMIT").unit_price == 8, "neither the contract nor the group is Summit's"


def test_a_dearer_contract_still_counts_before_a_cheaper_list(quote: Quote) -> None:
    apply_prices([rung("1", "5.00", min_quantity="100"), rung("2", "6.00", account="HARBOR", contract="C-1")])
    assert quote(200).unit_price == 6
    assert [r.min_quantity for r in quote().ladder] == [1]


def test_of_two_that_hold_the_one_agreed_last_counts(quote: Quote) -> None:
    apply_prices(
        [rung("1", "5.00", valid_from="2026-06-01"), rung("2", "4.00"), rung("3", "5.50", valid_from="2026-06-01")]
    )
    assert quote().unit_price == 5


def test_prices_in_another_currency_do_not_count(quote: Quote) -> None:
    apply_prices([rung("1", "5.00", currency="CAD")])
    assert (quote().unit_price, quote().reason) == (9, "list price")
    Account.objects.filter(code="HARBOR").update(currency="CAD")
    assert (quote().unit_price, quote().currency) == (5, "CAD")


def test_a_withdrawn_price_stays_gone_until_a_newer_one_comes(quote: Quote) -> None:
    apply_prices([rung("1", "5.00", version="2")])
    assert apply_prices([rung("1", "", version="1", deleted=True)]).count == 0, "an older end changes nothing"
    assert quote().unit_price == 5
    assert apply_prices([rung("1", "", version="4", deleted=True)]).count == 1
    assert quote().reason == "list price"
    assert apply_prices([rung("1", "3.00", version="3")]).count == 0
    assert quote().reason == "list price"
    assert apply_prices([rung("1", "4.00", version="5")]).count == 1
    assert quote().unit_price == 4


def test_in_one_page_the_newest_counts_whatever_its_place(quote: Quote) -> None:
    changes = [rung("1", "", version="3", deleted=True), rung("1", "5.00", version="2"), rung("2", "4.00", version="2")]
    assert apply_prices(changes).count == 1
    assert list(Price.objects.values_list("erp_id", flat=True)) == ["2"]


def test_rungs_of_strangers_are_skipped(quote: Quote) -> None:
    assert apply_prices([rung("1", "5.00", account="NOBODY"), rung("2", "5.00", sku="NOTHING")]).count == 0
    assert not Price.objects.exists()
