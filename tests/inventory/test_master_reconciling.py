"""Every night items and accounts are compared with the ERP in both directions, and the caches hear of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from distportal.accounts.models import Account
from distportal.common.redis_client import cache_absence
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_lane
from exceptions.models import Case
from inventory.models import FeedCursor, Item, Price, Reconciliation, StockLevel
from inventory.process.customer_reconciling import reconcile_customers
from inventory.process.item_reconciling import reconcile_items
from inventory.process.live.prices import Wanted, check_prices
from inventory.process.live.stock import check_stock
from inventory.process.price_reconciling import reconcile_prices
from inventory.process.stock_reconciling import reconcile_stock
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
OLD = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def newest(kind: str) -> Reconciliation:
    return Reconciliation.objects.filter(kind=kind).latest("pk")


def drift(kind: str) -> dict[tuple[str, str], str]:
    rows = Case.objects.filter(kind="erp.drift", subject_type=kind)
    return {(code, subject): status for code, subject, status in rows.values_list("code", "subject_id", "status")}


def test_items_that_agree_are_compared_and_nothing_is_told(synced: SandboxProcess) -> None:
    before = {row.pk: row.updated_at for row in Item.objects.all()}
    reconcile_items()
    assert (newest("item").state, newest("item").checked, newest("item").differences) == ("done", 200, {})
    assert {row.pk: row.updated_at for row in Item.objects.all()} == before, "nothing was written"
    assert drift("item") == {}


def test_each_item_that_differs_has_a_case_and_the_erps_word_counts(synced: SandboxProcess) -> None:
    Item.objects.filter(sku="FST-10001").update(name="Something else", list_price=Decimal(9))
    Item.objects.filter(sku="FST-10002").update(name="Missed", erp_version="0", as_of=OLD)
    Item.objects.filter(sku="PLB-30001").update(name="Newer here", erp_version="9" * 20)
    Item.objects.create(
        sku="GONE-1", erp_code="gone", code_norm="GONE1", name="Gone", family="x", list_price=1, as_of=OLD,
        erp_version="1",
    )  # fmt: skip
    reconcile_items()
    assert newest("item").differences == {"item_differs": 1, "item_missed": 1, "item_gone": 1}
    assert set(drift("item")) == {("item_differs", "FST-10001"), ("item_missed", "FST-10002"), ("item_gone", "GONE-1")}
    told = Case.objects.get(kind="erp.drift", subject_id="FST-10001").sentence
    assert 'name was "Something else", is "Hex bolt 1/2-13 x 2 in, grade 5 zinc"' in told
    assert 'list price was "9", is "0.6"' in told
    named = dict(Item.objects.values_list("sku", "name"))
    assert (named["FST-10001"][:8], named["FST-10002"][:10]) == ("Hex bolt", "Deck screw")
    assert named["PLB-30001"] == "Newer here", "an older word never overwrites a newer one"
    assert Item.objects.get(sku="GONE-1").status == "discontinued"
    reconcile_items()
    assert newest("item").differences == {}
    settled = drift("item")
    assert settled.pop(("item_gone", "GONE-1")) == "new", "it is still gone; a person closes that"
    assert set(settled.values()) == {"resolved"}


def test_each_account_whose_terms_differ_has_a_case(synced: SandboxProcess, cast: Cast) -> None:
    Account.objects.filter(code="HARBOR").update(credit_limit=Decimal(1), status="hold")
    newer = Account.objects.exclude(code="HARBOR").filter(erp_version__gt="").first()
    assert newer is not None
    Account.objects.filter(pk=newer.pk).update(
        credit_limit=Decimal(7), credit_as_of=database_now() + dt.timedelta(days=1)
    )
    Account.objects.create(
        code="LOST", name="Lost Ltd", kind="dealer", erp_version="1", erp_code="C9", credit_as_of=OLD
    )
    reconcile_customers()
    run = newest("customer")
    assert (run.state, run.differences) == ("done", {"customer_differs": 1, "customer_gone": 1})
    assert drift("account") == {("customer_differs", "HARBOR"): "new", ("customer_gone", "LOST"): "new"}
    told = Case.objects.get(kind="erp.drift", subject_id="HARBOR")
    assert "credit limit was 1, is " in told.sentence
    assert "it is not blocked in the ERP" in told.sentence
    harbor, newer = Account.objects.get(code="HARBOR"), Account.objects.get(pk=newer.pk)
    assert (harbor.status, harbor.credit_limit > 1) == ("active", True)
    assert newer.credit_limit == 7, "an older as-of never overwrites a newer one"
    assert Account.objects.get(code="LOST").status == "active", "a person decides"
    reconcile_customers()
    assert newest("customer").differences == {"customer_gone": 1}
    assert drift("account") == {("customer_differs", "HARBOR"): "resolved", ("customer_gone", "LOST"): "new"}


def test_what_the_night_corrects_makes_void_what_was_answered_and_nothing_else(
    synced: SandboxProcess, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    cache_absence.forget()
    FeedCursor.objects.filter(kind__in=("stock", "price", "item")).update(
        read_at=database_now() - dt.timedelta(hours=1)
    )
    skus, today = ("FST-10001", "FST-10002"), database_now().date()
    wanted = [Wanted(sku=sku, unit="EA", quantity=Decimal(1)) for sku in skus]

    def seen() -> tuple[list[str], list[str]]:
        stock = check_stock(skus=skus)
        prices = check_prices(account=cast.harbor, wanted=wanted, on=today)
        return [stock[sku].how for sku in skus], [prices[line].how for line in wanted]

    seen()
    work_lane("erp_read")
    assert seen() == (["fresh", "fresh"], ["fresh", "fresh"])
    with django_capture_on_commit_callbacks(execute=True):
        reconcile_stock()
        reconcile_items()
    assert seen() == (["fresh", "fresh"], ["fresh", "fresh"]), "nothing differed"
    synced.receive("FST-10001", "1000", 3)
    StockLevel.objects.filter(item__sku="FST-10001").update(as_of=OLD)
    Price.objects.filter(account=cast.harbor, item__sku="FST-10002").update(erp_version="0")
    with django_capture_on_commit_callbacks(execute=True):
        reconcile_stock()
        reconcile_prices()
    stock, prices = seen()
    assert stock == ["snapshot", "fresh"]
    assert prices == ["fresh", "snapshot"]


def test_an_erp_that_stops_answering_ends_no_item_and_an_unread_feed_is_no_drift(synced: SandboxProcess) -> None:
    Item.objects.update(as_of=OLD)
    synced.faults({"kind": "error_503", "count": -1})
    with pytest.raises(RetryLater):
        reconcile_items()
    with pytest.raises(RetryLater):
        reconcile_customers()
    assert not Item.objects.filter(sku="FST-10001", status="discontinued").exists()
    assert newest("item").state == "failed"
    synced.faults()
    count = Reconciliation.objects.count()
    FeedCursor.objects.filter(kind__in=("item", "customer")).update(read_at=None)
    reconcile_items()
    reconcile_customers()
    assert Reconciliation.objects.count() == count
