"""The dealer's choice of when goods leave reaches the promises, the ERP, its warehouse and the order's page."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from distportal.canonical.orders import LineShipping
from distportal.events.sweeper import work_until_idle
from inventory.models import Reservation, StockLevel
from inventory.queries.items import item_with_sku
from inventory.queries.promises import promise_logs
from orders.choices import LineStatus
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.orders.cart.filling import filled_cart
from tests.orders.cart.form import page_of, save, submit
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
THERE, SHORT = "FST-10001", "ELE-20002"


@pytest.fixture
def due(synced: SandboxProcess) -> dt.date:
    """Of SHORT eight are there and ten come on this day; of THERE there is plenty."""
    item = item_with_sku(SHORT)
    StockLevel.objects.filter(item=item).update(available=0, supply_on=None, supplies=[])
    level = StockLevel.objects.filter(item=item).earliest("warehouse__code")
    day = level.as_of.date() + dt.timedelta(days=9)
    StockLevel.objects.filter(pk=level.pk).update(available=8, supply_on=day, supply_quantity=10)
    return day


def placed(*shipping: LineShipping, complete: bool = False) -> Order:
    """Ten of THERE and twelve of SHORT, chosen line by line."""
    order = asked((THERE, "10", "EA", None), (SHORT, "12", "EA", None))
    chosen = zip(order.lines, shipping or ("", ""), strict=True)
    lines = tuple(replace(line, shipping=one) for line, one in chosen)
    return place_order(order=replace(order, lines=lines, ship_complete=complete), source_key="t:1").order


def promised(order: Order) -> list[list[tuple[int, bool]]]:
    """Of each line how much comes, and whether only on a later day."""
    lines = list(order.lines.all())
    logs = promise_logs(demand_refs=[line.demand_ref for line in lines])
    today = min(part.on for log in logs.values() for part in log.now.parts if part.on)
    return [
        [(int(part.quantity), part.on != today) for part in logs[line.demand_ref].now.parts]
        for line in lines
        if line.demand_ref in logs
    ]


def drafted(order: Order) -> tuple[bool, list[bool], str]:
    draft = ErpCommand.objects.get(order=order).draft
    return draft["ship_complete"], [line["with_rest"] for line in draft["lines"]], draft["note"]


def test_as_available_each_line_is_promised_for_itself(due: dt.date) -> None:
    order = placed()
    assert promised(order) == [[(10, False)], [(8, False), (4, True)]]
    assert drafted(order) == (False, [False, False], "")


def test_complete_everything_is_promised_for_the_day_of_the_last(cast: Cast, due: dt.date) -> None:
    order = placed(complete=True)
    logs = promise_logs(demand_refs=[line.demand_ref for line in order.lines.all()])
    assert {part.on for log in logs.values() for part in log.now.parts} == {due}
    assert drafted(order) == (True, [False, False], "Ship complete.")
    page = signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()
    assert "only when complete" in page
    assert "leaves with the rest of the order" in page


def test_line_by_line_one_waits_for_the_rest_and_one_does_not(cast: Cast, due: dt.date) -> None:
    order = placed("rest", "")
    assert promised(order) == [[(10, True)], [(8, False), (4, True)]]
    assert drafted(order) == (False, [True, False], "Ship with the rest of the order: line 1.")
    assert "with the rest of the order" in signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()


def test_what_is_short_of_a_line_is_dropped_where_that_was_chosen(cast: Cast, due: dt.date) -> None:
    order = placed("", "drop")
    line = order.lines.get(item__sku=SHORT)
    assert (line.quantity, line.status) == (8, LineStatus.ACCEPTED)
    assert order.canonical["lines"][1]["quantity"] == "12", "what was asked is kept"
    assert [float(one["quantity"]) for one in ErpCommand.objects.get(order=order).draft["lines"]] == [10, 8]
    held = Reservation.objects.filter(demand_ref=line.demand_ref, state="held")
    assert [(row.quantity, row.due_on) for row in held] == [(8, None)], "nothing of the receipt is held"
    assert order.findings.get(code="short_dropped").data["dropped"] == "4"


def test_a_line_of_which_nothing_is_there_is_dropped_whole(due: dt.date) -> None:
    StockLevel.objects.filter(item__sku=SHORT).update(available=0)
    order = placed("", "drop")
    line = order.lines.get(item__sku=SHORT)
    assert (order.status, line.status, line.status_reason) == ("accepted", "rejected", "nothing_there")
    assert len(ErpCommand.objects.get(order=order).draft["lines"]) == 1


def test_the_erp_ships_nothing_of_a_complete_order_before_all_is_there(synced: SandboxProcess) -> None:
    """By what the sandbox ERP itself has: more is asked of an item than it holds, then a receipt comes in."""
    level = StockLevel.objects.filter(item__sku=SHORT).order_by("-available").select_related("item", "warehouse")[0]
    order = asked((THERE, "10", "EA", None), (SHORT, str(int(level.available) + 6), "EA", None))
    row = place_order(order=replace(order, ship_complete=True), source_key="t:1").order
    work_until_idle()
    row.refresh_from_db()
    with pytest.raises(httpx.HTTPStatusError) as refused:
        synced.ship(row.erp_number)
    assert refused.value.response.status_code == 409
    assert "it waits" in refused.value.response.text
    line = next(one for one in synced.orders(f"NL-{row.number}")[0]["lines"] if one["posex"] == "2")
    synced.receive(line["matnr"], line["plant"], 500)
    synced.ship(row.erp_number)
    shipped = synced.orders(f"NL-{row.number}")[0]["lines"]
    assert [one["shipped"] for one in shipped] == [10, int(level.available) + 6]


def test_the_cart_keeps_the_choice_and_says_what_follows(cast: Cast, due: dt.date) -> None:
    draft = filled_cart(cast)
    first, second = draft.lines.order_by("pk")
    client = signed_in(cast.buyer)
    save(client, page_of(client), shipping="per_line", **{f"ship.{first.pk}": "rest", f"ship.{second.pk}": "drop"})
    page = page_of(client)
    assert (page.fields["shipping"], page.fields[f"ship.{second.pk}"]) == ("per_line", "drop")
    assert "Of 12 EA ELE-20002 8 EA are there; the rest is dropped, as asked" in client.get("/cart/").content.decode()
    assert submit(client, page, po_number="4711").status_code == 302
    order = Order.objects.get()
    assert [line.shipping for line in order.lines.all()] == ["rest", "drop"]
    assert order.total == sum((line.amount for line in order.lines.all()), Decimal(0))
