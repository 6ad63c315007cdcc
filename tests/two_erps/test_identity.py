"""A connection that leads to another ERP rests until a person says what is true."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from distportal.accounts.models import User
from distportal.common.errors import Invalid
from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from distportal.systems.connections import save_connection
from distportal.systems.models import ErpIdentity
from exceptions.models import Case
from inventory.models import ErpFact, FeedCursor, Item, Price, StockLevel
from inventory.process.standing import go_on_with_same_erp
from inventory.process.stock_reconciling import reconcile_stock
from inventory.process.sync import sync_feed
from orders.errors import SwitchRefused
from orders.models import ErpCommand, Order
from orders.process.erp_feed import sync_erp
from orders.process.restarting import start_connection_anew
from orders.process.sending import send_command
from tests.conftest import Cast
from tests.two_erps.conftest import FEEDS, SKU, Two

pytestmark = pytest.mark.django_db


def point(process_url: str) -> None:
    """The house's own connection leads there from now on."""
    save_connection(
        name="default", kind="sandbox", settings={"url": process_url, "settle_seconds": 1.0},
        secrets={"token": "env:NEW_ERP_TOKEN"}, rate_per_minute=100_000,
    )  # fmt: skip


def cursors() -> set[tuple[str, str]]:
    return set(FeedCursor.objects.filter(connection="default").values_list("kind", "cursor"))


def figures() -> dict[str, Decimal]:
    rows = StockLevel.objects.filter(item__sku=SKU, erp="default")
    return dict(rows.values_list("warehouse__code", "available"))


def test_another_address_stops_feeds_and_sending_with_one_case(cast: Cast, two: Two) -> None:
    order = two.place((SKU, "10"), send=False)
    was, shown = cursors(), figures()
    point(two.new.url)
    for kind in FEEDS:
        assert sync_feed(kind=kind) == 0
    sync_erp()
    reconcile_stock()
    with pytest.raises(RetryLater, match="ERP connection default rests"):
        send_command(command_id=ErpCommand.objects.get(order=order).pk)
    assert (cursors(), figures()) == (was, shown)
    [case] = Case.objects.filter(kind="erp.stopped")
    assert (case.subject_id, case.occurrences) == ("default", 1)
    assert f"it led to sandbox {two.old.url} until now, and is set up for sandbox {two.new.url}" in case.sentence
    assert two.old.orders(f"NL-{order.number}") == two.new.orders(f"NL-{order.number}") == []
    point(two.old.url)
    sync_feed(kind="stock")
    case.refresh_from_db()
    assert case.status == "resolved", "pointed back it goes on by itself"
    work_until_idle()
    assert Order.objects.get(pk=order.pk).status == "confirmed"


def test_the_same_erp_at_another_place_goes_on_from_where_it_was(cast: Cast, two: Two) -> None:
    was = cursors()
    point(two.old.url.replace("127.0.0.1", "localhost"))
    sync_feed(kind="stock")
    with pytest.raises(Invalid):
        go_on_with_same_erp(of="default", reason=" ", actor="Olga")
    go_on_with_same_erp(of="default", reason="its address has a name now", actor="Olga")
    assert {kind for kind, _ in cursors()} == {kind for kind, _ in was}
    assert sync_feed(kind="stock") == 0, "all was read before"
    row = ErpIdentity.objects.get(connection="default")
    assert (row.actor, row.reason, row.stopped_code) == ("Olga", "its address has a name now", "")
    assert Case.objects.get(kind="erp.stopped").status == "resolved"


def test_started_anew_everything_is_the_other_erps_whatever_its_stamps_say(cast: Cast, two: Two) -> None:
    StockLevel.objects.update(as_of="2030-01-01T00:00:00Z")
    Price.objects.update(erp_version="9")
    Item.objects.update(erp_version="9")
    point(two.new.url)
    sync_feed(kind="stock")
    with pytest.raises(Invalid):
        start_connection_anew(of="default", reason="", actor="Olga")
    start_connection_anew(of="default", reason="the old one is gone", actor="Olga")
    assert sync_feed(kind="stock") == 0, "it rests until that has begun"
    work_until_idle()
    assert ErpIdentity.objects.get(connection="default").stopped_code == ""
    for kind in FEEDS:
        sync_feed(kind=kind)
    told = ErpFact.objects.filter(connection="new", kind="stock", sku=SKU)
    assert figures() == {w: Decimal(a) for w, a in told.values_list("warehouse", "payload__available")}
    price = ErpFact.objects.get(connection="new", kind="item", sku=SKU).payload["list_price"]
    assert Item.objects.get(sku=SKU).list_price == Decimal(price)
    assert Case.objects.get(kind="erp.stopped").status == "resolved"


def test_nothing_begins_anew_while_a_commands_outcome_is_unknown(cast: Cast, two: Two) -> None:
    order = two.place((SKU, "10"), send=False)
    for state in ("sending", "unknown"):
        ErpCommand.objects.filter(order=order).update(state=state)
    point(two.new.url)
    sync_feed(kind="stock")
    with pytest.raises(SwitchRefused, match=f"whether the former ERP has NL-{order.number}"):
        start_connection_anew(of="default", reason="gone", actor="Olga")
    assert ErpIdentity.objects.get(connection="default").stopped_code == "other_erp"


def test_a_refused_cursor_stops_the_feeds_and_not_the_orders(cast: Cast, two: Two, client: Client) -> None:
    FeedCursor.objects.filter(connection="default", kind="stock").update(cursor="e:not-a-cursor")
    sync_feed(kind="stock")
    [case] = Case.objects.filter(kind="erp.stopped")
    assert case.code == "out_of_step"
    assert two.place((SKU, "10")).status == "confirmed", "orders are still sent"
    client.force_login(User.objects.get(email="operator@northline.example"))
    page = client.get(reverse("connections")).content.decode()
    assert "does not know our place" in page
    client.post(reverse("erp_anew"), {"connection": "default", "reason": "its log was cut"})
    work_until_idle()
    assert sync_feed(kind="stock") >= 0
    assert ErpIdentity.objects.get(connection="default").stopped_code == ""
