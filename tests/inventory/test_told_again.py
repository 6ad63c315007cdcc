"""A feed begins each read a while before the end of the last one: what it tells again is no change."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from distportal.accounts.models import Account
from distportal.accounts.process import record_credit
from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from inventory.models import FeedCursor, FeedPage
from inventory.process.sync import sync_feed
from orders.models import Invoice, Shipment
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def taken(kind: str) -> int:
    return FeedCursor.objects.get(connection="default", kind=kind).changes_applied


def test_a_figure_counts_once_and_is_late_once_however_often_the_erp_tells_it(synced: SandboxProcess) -> None:
    sync_feed(kind="stock")
    before = taken("stock")
    FeedPage.objects.all().delete()
    synced.receive("FST-10001", "1000", 7)
    assert sync_feed(kind="stock") == 1
    page = FeedPage.objects.get()
    assert (page.connection, page.kind, page.changes) == ("default", "stock", 1)
    assert sync_feed(kind="stock") == 0, "the same figure came again"
    assert FeedPage.objects.get().pk == page.pk, "what is told again is not late"
    assert taken("stock") == before + 1
    synced.receive("FST-10001", "1000", 7)
    assert sync_feed(kind="stock") == 1
    newest = FeedPage.objects.exclude(pk=page.pk).get()
    assert newest.changes == 1
    assert newest.oldest_at > page.oldest_at, "its oldest change is the new one, not the one that was known"


def test_credit_that_is_told_again_writes_nothing_and_puts_right_what_somebody_changed(cast: Cast) -> None:
    figures: dict[str, Any] = {"erp_code": "C1", "blocked": False, "credit_limit": 900, "credit_balance": 5}
    told = partial(record_credit, account_code="HARBOR", as_of=database_now(), erp_version="000000000007", **figures)
    assert told() is True
    before = Account.objects.get(code="HARBOR")
    assert told() is False
    assert Account.objects.get(code="HARBOR").updated_at == before.updated_at
    Account.objects.filter(code="HARBOR").update(credit_limit=Decimal(1))
    assert told() is True
    assert Account.objects.get(code="HARBOR").credit_limit == Decimal(900)


def test_shipments_and_invoices_count_when_they_are_recorded(cast: Cast, synced: SandboxProcess) -> None:
    sync_erp()
    before = {kind: taken(kind) for kind in ("shipment", "invoice")}
    placed = place_order(order=asked(("FST-10001", "10", "EA", None), po="AGAIN-1"), source_key="again:1").order
    work_until_idle()
    placed.refresh_from_db()
    synced.ship(placed.erp_number)
    synced.invoice(placed.erp_number)
    for _ in range(3):
        sync_erp()
    assert (Shipment.objects.count(), Invoice.objects.count()) == (1, 1)
    assert {kind: taken(kind) - count for kind, count in before.items()} == {"shipment": 1, "invoice": 1}
