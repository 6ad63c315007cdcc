"""The lists, the order's page and what other systems are told say one day of a line, from its acceptance on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.formats import date_format

from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.systems.erp.port import ConfirmedLine, OrderState
from inventory.models import StockLevel
from inventory.queries.promises import promise_logs
from orders.models import ErpCommand, Order
from orders.process.confirmation import record_confirmation
from orders.process.intake import place_order
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
DUE, LATER = dt.date(2099, 3, 4), dt.date(2099, 4, 5)


@pytest.fixture
def short(synced: SandboxProcess) -> None:
    """Of FST-10001 there are 60 and 70 more on a day that is far away; of PLB-30001 there is enough."""
    levels = StockLevel.objects.filter(item__sku="FST-10001")
    levels.update(available=0, supply_on=None, supply_quantity=0, supplies=[])
    first = levels.earliest("warehouse__code")
    StockLevel.objects.filter(pk=first.pk).update(available=60, supply_on=DUE, supply_quantity=70)


@pytest.fixture
def bea(cast: Cast) -> Client:
    return signed_in(cast.buyer)


def told_of(client: Client, order: Order) -> dict[str, str]:
    """What each page says of the order."""
    pages = {name: client.get(name, {"q": str(order)}) for name in ("/orders/", "/orders/lines/", "/orders/lines.csv")}
    found = {name: page.getvalue() for name, page in pages.items() if name.endswith(".csv")}  # type: ignore[attr-defined]
    found |= {name: page.content for name, page in pages.items() if name not in found}
    found["page"] = client.get(f"/orders/{order.number}/").content
    return {name: main_of(text.decode()) or text.decode() for name, text in found.items()}


def days_in(pages: dict[str, str], day: dt.date) -> dict[str, bool]:
    words = (date_format(day, "j M Y"), day.isoformat())
    return {name: any(word in page for word in words) for name, page in pages.items()}


def confirm(order: Order, **days: dt.date) -> None:
    """The ERP takes all of the order and has a day for each line."""
    command = ErpCommand.objects.get(order=order)
    lines = {line.line_no: line for line in order.lines.all()}
    told = tuple(
        ConfirmedLine(
            line_key=no.removeprefix("line"), quantity=lines[no.removeprefix("line")].quantity,
            unit_price=lines[no.removeprefix("line")].unit_price or Decimal(0), confirmed_on=day,
        )
        for no, day in days.items()
    )  # fmt: skip
    state = OrderState(
        order_key=command.order_key, erp_id="E1", number="771", stage="accepted", as_of=database_now(), lines=told,
        total=order.total,
    )  # fmt: skip
    record_confirmation(command_id=command.pk, state=state)


def test_before_the_erp_has_confirmed_all_tell_our_own_day(short: None, bea: Client) -> None:
    order = place_order(order=asked(("FST-10001", "100", "EA", None), po="DAY-1"), source_key="t:day-1").order
    assert (order.status, order.confirmed_at) == ("accepted", None)
    pages = told_of(bea, order)
    assert days_in(pages, DUE) == dict.fromkeys(pages, True)
    assert "no date yet" not in pages["/orders/lines/"]
    confirm(order, line1=LATER)
    pages = told_of(bea, order)
    assert days_in(pages, LATER) == dict.fromkeys(pages, True)
    lists = {name: page for name, page in pages.items() if name != "page"}
    assert days_in(lists, DUE) == dict.fromkeys(lists, False), "the page alone says what was promised first"


def test_what_leaves_together_has_one_day_in_the_lists_before_and_after(short: None, bea: Client) -> None:
    wanted = asked(("FST-10001", "100", "EA", None), ("PLB-30001", "5", "EA", None), po="DAY-2")
    order = place_order(order=replace(wanted, ship_complete=True), source_key="t:day-2").order
    assert set(order.lines.values_list("promised_on", flat=True)) == {DUE}
    confirm(order, line1=LATER, line2=site_day(database_now()))
    rows = list(order.lines.all())
    logs = promise_logs(demand_refs=[row.demand_ref for row in rows])
    assert {row.promised_on for row in rows} == {logs[row.demand_ref].now.promised_on for row in rows} == {LATER}
    pages = told_of(bea, order)
    assert days_in(pages, LATER) == dict.fromkeys(pages, True)
    assert pages["/orders/lines/"].count(date_format(LATER, "j M Y")) == 2
