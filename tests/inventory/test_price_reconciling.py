"""Every night the prices are the ERP's, and how many were not is a number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from distportal.events.errors import RetryLater
from inventory.models import Price, Reconciliation
from inventory.process.price_reconciling import reconcile_prices
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def newest() -> Reconciliation:
    return Reconciliation.objects.filter(kind="price").latest("pk")


def test_what_the_feed_missed_is_taken_in_and_what_the_erp_ended_is_gone(synced: SandboxProcess) -> None:
    count = Price.objects.count()
    missed, newer, gone = Price.objects.order_by("pk")[:3]
    Price.objects.filter(pk=missed.pk).delete()
    Price.objects.filter(pk=newer.pk).update(erp_version="9" * 30, unit_price=Decimal("0.01"))
    old = gone.as_of - dt.timedelta(days=400)
    Price.objects.create(
        erp_id="ended", item=gone.item, unit_price=1, valid_from=dt.date(2026, 1, 1), as_of=old, erp_version="1"
    )
    reconcile_prices()
    run = newest()
    assert (run.state, run.checked, run.differences) == ("done", count, {"price_missed": 1, "price_gone": 1})
    assert not Price.objects.filter(erp_id="ended").exists()
    assert Price.objects.get(erp_id=missed.erp_id).unit_price == missed.unit_price
    assert Price.objects.get(pk=newer.pk).unit_price == Decimal("0.01"), "ours is newer than the snapshot"
    reconcile_prices()
    assert newest().differences == {}


def test_an_erp_that_stops_answering_ends_no_price(synced: SandboxProcess) -> None:
    count = Price.objects.count()
    Price.objects.update(as_of=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    synced.faults({"kind": "error_503", "count": -1})
    with pytest.raises(RetryLater):
        reconcile_prices()
    assert (newest().state, Price.objects.count()) == ("failed", count)
