"""What is not sold any more: replaced, proposed or refused as agreed; and what ends while there is some of it."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from distportal.events.sweeper import work_until_idle
from inventory.models import Item, Reservation, StockLevel
from inventory.queries.items import item_with_sku
from inventory.queries.search import search_items
from inventory.queries.substitutes import is_sold, substitutes_of
from orders.choices import FindingAction
from orders.models import DraftLine, ErpCommand, Order, RulePolicy
from orders.process.corrections import correct_order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
OLD, NEW, BETTER = "FST-10007", "FST-10008", "FST-10009"
LAST = "HTL-40003"
TODAY = dt.date(2026, 11, 25)


def place(*lines: tuple[str, str, str, str | None]) -> Order:
    placed = place_order(order=asked(*lines, po=f"PO-{uuid.uuid4().hex[:8]}"), source_key=f"t:{uuid.uuid4()}").order
    work_until_idle()
    placed.refresh_from_db()
    return placed


def policy(code: str, action: FindingAction) -> None:
    RulePolicy.objects.create(account=None, code=code, action=action)


def item(sku: str, status: str = "active", **values: object) -> Item:
    return Item.objects.create(
        sku=sku, erp_code=sku, code_norm=sku.replace("-", ""), name=sku, list_price=1, status=status,
        as_of=dt.datetime(2026, 11, 25, tzinfo=dt.UTC), **values,
    )  # fmt: skip


def test_a_substitute_is_proposed_and_a_person_takes_it(synced: SandboxProcess) -> None:
    order = place((OLD, "100", "EA", None))
    finding = order.findings.get(code="substitute")
    assert (order.status, finding.action, finding.data["substitute"]) == ("held", "hold", NEW)
    assert f"{NEW}, Sleeve anchor 3/8 x 3 in, zinc plated, could be sent" in finding.message
    assert not ErpCommand.objects.filter(order=order).exists()
    correct_order(order_id=order.pk, version=1, changes={"line.1.sku": NEW}, reason="agreed", actor="Ana")
    work_until_idle()
    order.refresh_from_db()
    assert (order.status, order.lines.get().item) == ("confirmed", item_with_sku(NEW))


def test_a_substitute_is_sent_where_that_was_agreed_and_both_items_stay_known(
    synced: SandboxProcess, cast: Cast
) -> None:
    policy("substitute", FindingAction.SUBSTITUTE)
    order = place((OLD, "100", "EA", None), ("FST-10001", "10", "EA", None))
    line = order.lines.get(line_no="1")
    assert (order.status, line.status) == ("confirmed", "accepted")
    assert (line.item, line.original_item) == (item_with_sku(NEW), item_with_sku(OLD))
    assert (line.unit_price or 0) > 0
    [held] = synced.orders(f"NL-{order.number}")
    assert held["lines"][0]["matnr"] == item_with_sku(NEW).erp_code
    assert not Reservation.objects.filter(item__sku=OLD).exists()
    finding = order.findings.get(code="substitute")
    assert (finding.action, finding.data) == (
        "substitute", {"asked": OLD, "substitute": NEW, "reason": "replaced_by"},
    )  # fmt: skip
    assert not order.findings.filter(code="item_not_sold").exists()
    page = signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()
    assert f"instead of {OLD}" in page


def test_refused_substitutes_leave_the_line_to_its_own_rule(synced: SandboxProcess) -> None:
    policy("substitute", FindingAction.ACCEPT)
    order = place((OLD, "100", "EA", None), ("FST-10001", "10", "EA", None))
    assert [(ln.status, ln.status_reason) for ln in order.lines.all()] == [
        ("rejected", "item_not_sold"), ("accepted", ""),
    ]  # fmt: skip


def test_a_price_that_was_stated_for_the_old_item_is_no_price_of_the_new_one(synced: SandboxProcess) -> None:
    policy("substitute", FindingAction.SUBSTITUTE)
    order = place((OLD, "100", "EA", "0.10"))
    assert (order.status, order.findings.get(code="price_differs").action) == ("held", "hold")


def test_the_next_one_is_taken_where_the_first_is_not_sold_itself(synced: SandboxProcess) -> None:
    policy("substitute", FindingAction.SUBSTITUTE)
    Item.objects.filter(sku=NEW).update(status="blocked")
    assert place((OLD, "100", "EA", None)).lines.get().item == item_with_sku(BETTER)
    Item.objects.filter(sku=BETTER).update(status="discontinued")
    nothing = place((OLD, "100", "EA", None))
    assert (nothing.status, nothing.findings.filter(code="substitute").count()) == ("rejected", 0)


def test_a_policy_of_substitution_means_nothing_for_another_finding(synced: SandboxProcess) -> None:
    policy("price_differs", FindingAction.SUBSTITUTE)
    order = place(("FST-10001", "10", "EA", "9.99"))
    assert (order.status, order.findings.get().action) == ("held", "hold")


def test_what_ends_is_sold_while_there_is_some_and_not_backordered(synced: SandboxProcess) -> None:
    order = place((LAST, "20", "EA", None))
    assert (order.status, order.findings.get(code="item_ending").action) == ("confirmed", "accept")
    more = place((LAST, "20", "EA", None))
    finding = more.findings.get(code="stock_ending")
    assert (more.status, finding.action) == ("rejected", "reject")
    assert "10 EA are left and no more will come" in finding.message
    StockLevel.objects.filter(item__sku=LAST).update(available=0)
    last = place((LAST, "1", "EA", None))
    assert (last.status, last.findings.get(code="stock_ending").action) == ("rejected", "reject")


@pytest.mark.parametrize(
    ("last_order_on", "lasts", "sold"),
    [(None, False, False), (TODAY, False, True), (TODAY - dt.timedelta(days=1), True, False), (None, True, True)],
)
@pytest.mark.usefixtures("cast")
def test_until_when_a_discontinued_item_is_sold(last_order_on: dt.date | None, lasts: bool, sold: bool) -> None:
    old = item("OLD-1", "discontinued", last_order_on=last_order_on, while_stock_lasts=lasts)
    assert is_sold(old, TODAY, None) is sold


@pytest.mark.usefixtures("cast")
def test_substitutes_hold_for_their_days_go_one_way_and_never_in_a_ring() -> None:
    told = {"reason": "equivalent", "priority": 1, "valid_from": None, "valid_until": None}
    a = item("A-1", "discontinued", substitutes=[
        {**told, "sku": "A-1"}, {**told, "sku": "B-1", "priority": 9}, {**told, "sku": "GONE-1"},
        {**told, "sku": "C-1", "valid_until": "2026-11-24"}, {**told, "sku": "D-1", "valid_from": "2026-11-25"},
    ])  # fmt: skip
    b, _, d = item("B-1", substitutes=[{**told, "sku": "A-1"}]), item("C-1"), item("D-1")
    found = substitutes_of([a, b], on=TODAY)
    assert [one.item for one in found[a.pk]] == [d, b]
    assert found[b.pk] == [], "what it names is not sold itself"


def test_the_item_page_shows_what_to_take_instead_and_the_cart_swaps_it(synced: SandboxProcess, cast: Cast) -> None:
    client = signed_in(cast.buyer)
    page = client.get(f"/catalogue/{OLD}/").content.decode()
    assert "Not sold any more" in page
    assert "Take instead" in page
    assert page.index(f"/catalogue/{NEW}/") < page.index(f"/catalogue/{BETTER}/")
    assert "You could also take" in client.get(f"/catalogue/{NEW}/").content.decode(), "a better one is offered"
    assert next(row.sku for row in search_items(text=OLD)) == OLD, "asked for by its code it says what came instead"
    assert OLD not in [row.sku for row in search_items(text="sleeve anchor")]
    client.post("/cart/add/", {"sku": OLD, "quantity": "40", "unit": "EA"})
    line = DraftLine.objects.get(draft__user=cast.buyer)
    assert f"Take {NEW} instead" in client.get("/cart/").content.decode()
    refused = client.post("/cart/add/", {"swap": str(line.pk), "for": "PLB-30001"}, follow=True)
    assert f"PLB-30001 does not stand for {OLD}" in refused.content.decode()
    signed_in(cast.stranger).post("/cart/add/", {"swap": str(line.pk), "for": NEW})
    assert DraftLine.objects.get(draft__user=cast.buyer).item == item_with_sku(OLD)
    client.post("/cart/add/", {"swap": str(line.pk), "for": NEW})
    client.post("/cart/add/", {"swap": str(line.pk), "for": NEW})
    line = DraftLine.objects.get(draft__user=cast.buyer)
    assert (line.item, line.quantity) == (item_with_sku(NEW), Decimal(40))
