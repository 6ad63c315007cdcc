"""The catalogue by API: the same prices and figures as every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.common.redis_client import cache_absence
from distportal.events.clock import database_now
from distportal.events.sweeper import work_lane
from distportal.systems.models import SystemCall
from inventory.models import FeedCursor, Item
from tests.api.conftest import Caller, order_body
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_each_account_gets_its_own_contract_price(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    [harbor] = caller("HARBOR").get("prices", sku="FST-10001").json()
    [crestline] = caller().get("prices", sku="FST-10001", account="CRESTLINE").json()
    assert Decimal(harbor["unit_price"]) == Decimal("0.48")
    assert Decimal(crestline["unit_price"]) == Decimal("0.42")
    assert [Decimal(rung["unit_price"]) for rung in crestline["ladder"]] == [
        Decimal("0.42"),
        Decimal("0.40"),
        Decimal("0.38"),
    ]
    assert caller("HARBOR").get("prices", sku="FST-10001", account="CRESTLINE").status_code == 404


def test_a_placed_order_lowers_what_is_available(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    crm = caller()
    [before] = crm.get("availability", sku="FST-10001").json()
    crm.place(order_body("CRM-1"), key="crm-key-1")
    [after] = crm.get("availability", sku="FST-10001").json()
    assert Decimal(after["available"]) == Decimal(before["available"]) - 10
    assert len(after["by_warehouse"]) == 3
    assert after["as_of"] == before["as_of"]


def test_answers_come_in_the_order_of_the_question_and_what_is_unknown_is_named(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    both = crm.get("availability", sku=["PLB-30001", "FST-10001"]).json()
    assert [row["sku"] for row in both] == ["PLB-30001", "FST-10001"]
    unknown = crm.get("availability", sku=["FST-10001", "NO-1"])
    assert (unknown.status_code, unknown.json()["skus"]) == (404, ["NO-1"])
    assert crm.get("availability").status_code == 422
    assert crm.get("availability", sku=[f"S-{n}" for n in range(101)]).status_code == 422
    for quantity in ("0", "-1", "NaN", "ten", "1e30"):
        assert crm.get("prices", sku="FST-10001", account="HARBOR", quantity=quantity).status_code == 422


def test_the_whole_catalogue_can_be_read_page_by_page(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    crm, seen, params = caller(), [], {}
    for _ in range(20):
        page = crm.get("items", **params).json()
        seen += [item["sku"] for item in page["results"]]
        if page["next"] is None:
            break
        params = {"cursor": page["next"].partition("cursor=")[2].replace("%3D", "=")}
    ended = Item.objects.filter(status="discontinued", while_stock_lasts=False, last_order_on=None)
    assert seen == sorted(set(Item.objects.values_list("sku", flat=True)) - set(ended.values_list("sku", flat=True)))


def test_an_item_is_found_by_code_and_by_upc(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    crm = caller()
    for text in ("fst 10001", "FST-10001", "812345000016", "00812345000016"):
        assert [i["sku"] for i in crm.get("items", q=text).json()["results"]][:1] == ["FST-10001"], text
    assert crm.get("items/FST-10001").json()["upc"] == "812345000016"
    assert crm.get("items/NO-1").status_code == 404


def test_stock_and_prices_say_what_the_erp_says_and_when_and_no_request_calls_it(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    harbor = caller("HARBOR")
    FeedCursor.objects.filter(kind="stock").update(read_at=database_now() - dt.timedelta(hours=1))
    cache_absence.forget()
    SystemCall.objects.all().delete()
    [stock] = harbor.get("availability", sku="PLB-30001").json()
    [price] = harbor.get("prices", sku="PLB-30001", quantity="24").json()
    assert (stock["erp"]["how"], stock["erp"]["asking"]) == ("snapshot", True)
    assert stock["erp"]["as_of"]
    assert (price["erp"]["how"], price["erp"]["asking"]) == ("snapshot", True)
    assert price["erp"]["checked_at"] is None, "never, and not 1970"
    assert not SystemCall.objects.exists()
    work_lane("erp_read")
    [stock] = harbor.get("availability", sku="PLB-30001").json()
    [price] = harbor.get("prices", sku="PLB-30001", quantity="24").json()
    assert (stock["erp"]["how"], stock["erp"]["asking"]) == ("fresh", False)
    assert stock["erp"]["checked_at"] > stock["erp"]["as_of"][:4]
    assert Decimal(price["erp"]["unit_price"]) == Decimal(price["unit_price"])
    assert price["erp"]["how"] == "fresh"
