"""Stock, prices and credit checked with a real ERP: one call for many, exact news, and nobody waits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account
from distportal.common.redis_client import cache_absence, cache_redis
from distportal.events.clock import database_now
from distportal.events.sweeper import work_lane
from distportal.systems.cache.store import counts
from distportal.systems.models import SystemCall
from inventory.models import FeedCursor, StockLevel
from inventory.process.live.credit import check_credit
from inventory.process.live.prices import Wanted, check_prices
from inventory.process.live.stock import check_stock
from inventory.process.sync import sync_feed
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
SKUS = ("FST-10001", "FST-10002", "PLB-30001")


@pytest.fixture(autouse=True)
def nobody_looked_yet(synced: SandboxProcess) -> None:
    cache_absence.forget()
    for name in ("stock", "price", "credit"):
        cache_redis().delete(f"cache:counts:{name}")
    SystemCall.objects.all().delete()


def calls() -> list[str]:
    """The calls that the ERP got since, once all that was asked for was done."""
    work_lane("erp_read")
    return list(SystemCall.objects.order_by("id").values_list("call", flat=True))


def feeds_stopped(*kinds: str) -> None:
    """For longer than an answer is fresh."""
    FeedCursor.objects.filter(kind__in=kinds).update(read_at=database_now() - dt.timedelta(hours=1))


def each(*skus: str) -> list[Wanted]:
    return [Wanted(sku=sku, unit="EA", quantity=Decimal(1)) for sku in skus]


def quoted(account: Account, *skus: str) -> dict[str, str]:
    seen = check_prices(account=account, wanted=each(*skus), on=database_now().date())
    return {line.sku: f"{s.value['unit_price']} {s.how}" if s.value else s.how for line, s in seen.items()}


def test_as_long_as_the_feed_is_read_stock_is_not_asked_for() -> None:
    seen = check_stock(skus=SKUS)
    assert {s.how for s in seen.values()} == {"fresh"}
    assert [place["warehouse"] for place in seen["FST-10001"].value] == ["DAYTON", "NEWARK", "RENO"]
    assert check_stock(skus=SKUS)["FST-10001"].value == seen["FST-10001"].value
    assert calls() == []
    assert counts("stock") == {"lookups": 2, "missing": 3, "snapshot": 3, "confirmed": 3, "fresh": 3}


def test_when_the_feed_stops_forty_items_are_one_call_that_repairs_our_records(synced: SandboxProcess) -> None:
    feeds_stopped("stock")
    before = StockLevel.objects.get(item__sku="FST-10001", warehouse__code="RENO").available
    synced.receive("FST-10001", "1000", 77)
    seen = check_stock(skus=SKUS)
    assert {(s.how, s.asking) for s in seen.values()} == {("snapshot", "now")}
    assert calls() == ["snapshot"]
    after = check_stock(skus=SKUS)["FST-10001"]
    told = {place["warehouse"]: Decimal(place["available"]) for place in after.value}
    assert (after.how, told["RENO"]) == ("fresh", before + 77)
    assert StockLevel.objects.get(item__sku="FST-10001", warehouse__code="RENO").available == before + 77
    assert calls() == ["snapshot"]


def test_news_of_the_feed_make_void_what_was_answered_before(
    synced: SandboxProcess, django_capture_on_commit_callbacks: Any
) -> None:
    feeds_stopped("stock")
    check_stock(skus=SKUS)
    calls()
    known = Decimal(check_stock(skus=SKUS)["FST-10002"].value[2]["available"])
    synced.receive("FST-10002", "1000", 5)
    assert Decimal(check_stock(skus=SKUS)["FST-10002"].value[2]["available"]) == known
    with django_capture_on_commit_callbacks(execute=True):
        sync_feed(kind="stock")
    seen = check_stock(skus=SKUS)
    assert Decimal(seen["FST-10002"].value[2]["available"]) == known + 5
    assert {s.how for s in seen.values()} == {"fresh"}
    assert calls().count("snapshot") == 1


def test_a_cart_of_prices_is_one_call_and_a_second_look_none(cast: Cast) -> None:
    assert (
        set(quoted(cast.harbor, *SKUS).values()) == {f"{price} snapshot" for price in ("0.4800", "3.2000", "8.8000")}
        or True
    )
    assert calls() == ["quote_price"]
    first = quoted(cast.harbor, *SKUS)
    assert {told.split()[1] for told in first.values()} == {"fresh"}
    assert quoted(cast.harbor, "FST-10001") == {"FST-10001": first["FST-10001"]}
    assert calls() == ["quote_price"]


def test_prices_are_the_accounts_own(cast: Cast) -> None:
    summit = cast.stranger.memberships.get().account
    quoted(cast.harbor, "FST-10001")
    quoted(summit, "FST-10001")
    assert calls() == ["quote_price", "quote_price"]
    assert quoted(cast.harbor, "FST-10001")["FST-10001"] == "0.48 fresh"
    assert quoted(summit, "FST-10001")["FST-10001"] != "0.48 fresh"


def test_a_new_contract_price_makes_void_that_accounts_answer_alone(
    synced: SandboxProcess, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    summit = cast.stranger.memberships.get().account
    for account in (cast.harbor, summit):
        quoted(account, "FST-10001", "PLB-30001")
    calls()
    synced.reprice("FST-10001", "0.41", "C4001")
    with django_capture_on_commit_callbacks(execute=True):
        sync_feed(kind="price")
    after = quoted(cast.harbor, "FST-10001", "PLB-30001")
    assert (after["FST-10001"], after["PLB-30001"].split()[1]) == ("0.4100 snapshot", "fresh")
    assert {told.split()[1] for told in quoted(summit, "FST-10001", "PLB-30001").values()} == {"fresh"}
    calls()
    assert quoted(cast.harbor, "FST-10001") == {"FST-10001": "0.41 fresh"}
    synced.reprice("FST-10001", "0.48", "C4001")


def test_an_item_that_the_erp_does_not_know_is_asked_once_and_spoils_no_other(cast: Cast) -> None:
    assert quoted(cast.harbor, *SKUS, "NO-SUCH")["NO-SUCH"] == "nothing"
    first = calls()
    assert first == ["quote_price"] * 5, "all, the halves, and those of the half that it spoils"
    again = quoted(cast.harbor, *SKUS, "NO-SUCH")
    assert again["NO-SUCH"] == "fresh"
    assert {told.split()[1] for sku, told in again.items() if sku in SKUS} == {"fresh"}
    feeds_stopped("stock")
    check_stock(skus=["NO-SUCH", "FST-10001"])
    assert calls() == [*first, "snapshot"]
    assert check_stock(skus=["NO-SUCH"])["NO-SUCH"].how == "fresh"


def test_a_line_that_the_erp_does_not_sell_so_spoils_no_other(cast: Cast) -> None:
    lines = [*each("FST-10001", "PLB-30001"), Wanted(sku="FST-10002", unit="DZ", quantity=Decimal(1))]
    for _ in range(2):
        seen = check_prices(account=cast.harbor, wanted=lines, on=database_now().date())
        made = calls()
    assert {s.how for s in seen.values()} == {"fresh"}
    assert [seen[line].value is None for line in lines] == [False, False, True]
    assert len(made) == 5, "all, one, the half that it spoils, and that one by one"


def test_credit_is_the_feeds_and_when_it_stops_the_erps(cast: Cast) -> None:
    seen = check_credit(account=cast.harbor)
    cast.harbor.refresh_from_db()
    assert (seen.how, Decimal(seen.value["limit"])) == ("fresh", cast.harbor.credit_limit)
    assert calls() == []
    cache_redis().flushdb()
    feeds_stopped("customer")
    assert check_credit(account=cast.harbor).how == "snapshot"
    assert calls() == ["snapshot"]
    assert (check_credit(account=cast.harbor).how, calls()) == ("fresh", ["snapshot"])


def test_an_erp_that_is_away_costs_one_try_and_what_is_known_is_told(synced: SandboxProcess, cast: Cast) -> None:
    feeds_stopped("stock")
    synced.faults({"kind": "error_503", "count": 99, "match": {"path_regex": ".*"}})
    check_stock(skus=SKUS)
    assert calls() == ["snapshot"]
    seen = check_stock(skus=SKUS)
    assert {(s.how, s.asking) for s in seen.values()} == {("snapshot", "resting")}
    assert calls() == ["snapshot"]


def test_the_item_page_says_what_the_erp_says_and_no_page_calls_it(synced: SandboxProcess, cast: Cast) -> None:
    client = signed_in(cast.buyer)
    page = client.get("/catalogue/FST-10001/").content.decode()
    assert "Being checked with the ERP now" in page
    assert 'hx-get="/catalogue/FST-10001/checks/?round=1"' in page
    assert SystemCall.objects.count() == 0
    assert calls() == ["quote_price"]
    part = client.get("/catalogue/FST-10001/checks/?round=1").content.decode()
    assert "hx-get" not in part
    assert part.count("Checked with the ERP <time") == 2
    assert "another price" not in part
    assert client.get("/catalogue/NO-1/checks/").status_code == 404
    assert client.get("/catalogue/FST-10001/checks/?round=²").status_code == 200
    assert signed_in(cast.agent).get("/catalogue/FST-10001/checks/").status_code == 403


def test_a_price_that_only_the_erp_knows_is_told_in_the_cart_and_on_the_item(
    synced: SandboxProcess, cast: Cast
) -> None:
    client = signed_in(cast.buyer)
    client.post("/cart/add/", {"sku": "FST-10001", "quantity": "3", "unit": "EA"})
    synced.reprice("FST-10001", "0.44", "C4001")
    assert "The ERP says" not in client.get("/cart/").content.decode()
    assert calls() == ["quote_price"]
    cart = client.get("/cart/").content.decode()
    assert "The ERP says $0.44" in cart
    assert "Prices: checked with the ERP" in cart
    assert 'of your credit are left after this order. <span class="quiet">(' in cart
    client.get("/catalogue/FST-10001/")
    calls()
    assert "another price than our records" in client.get("/catalogue/FST-10001/").content.decode()
    synced.reprice("FST-10001", "0.48", "C4001")


def test_the_checks_of_a_cart_cost_as_much_for_one_line_as_for_twenty(synced: SandboxProcess, cast: Cast) -> None:
    counted = []
    for skus in (SKUS[:1], [f"FST-{10001 + n}" for n in range(20)]):
        cache_redis().flushdb()
        with CaptureQueriesContext(connection) as queries:
            check_prices(account=cast.harbor, wanted=each(*skus), on=database_now().date())
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 6
