"""Complaint 6: "Backorder surprise / no date": the buyer learns of it afterwards, without a day."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.events.relay import relay_stream
from distportal.notices.contents import notice_content
from distportal.notices.kinds import DESTINATION, notice_kind
from distportal.notices.models import Notice
from distportal.notices.wording import write
from inventory.models import StockLevel
from inventory.queries.promises import promise_logs
from orders.models import Order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.cart.filling import filled_cart
from tests.orders.cart.form import Form, page_of, submit
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
SKU = "ELE-20002"


def stocked(available: int, coming: int = 0) -> dt.date:
    """One warehouse has that much; what is coming comes on this day."""
    StockLevel.objects.filter(item__sku=SKU).update(available=0, supply_on=None, supplies=[])
    level = StockLevel.objects.filter(item__sku=SKU).select_related("warehouse").earliest("warehouse__code")
    day = level.as_of.date() + dt.timedelta(days=9)
    StockLevel.objects.filter(pk=level.pk).update(
        available=available, supply_on=day if coming else None, supply_quantity=coming
    )
    return day


def shown(day: dt.date) -> str:
    return f'<time datetime="{day.isoformat()}" title="{day.isoformat()}">'


def test_each_line_says_before_the_button_what_comes_when_and_from_where(cast: Cast, synced: SandboxProcess) -> None:
    day = stocked(8, coming=20)
    filled_cart(cast, (SKU, 12))
    client = signed_in(cast.buyer)
    text = client.get("/cart/").content.decode()
    assert "8 EA" in text
    assert f'4 EA <b class="remark warn">on {shown(day)}' in text
    assert submit(client, Form(text), po_number="4711").status_code == 302
    order = Order.objects.get()
    log = promise_logs(demand_refs=[order.lines.get().demand_ref])[order.lines.get().demand_ref]
    assert [(int(part.quantity), part.on == day) for part in log.now.parts] == [(8, False), (4, True)]
    assert shown(day) in client.get(f"/cart/placed/{order.draft.pk}/").content.decode()
    assert relay_stream(DESTINATION, "order", str(order.pk))
    kind, notice = notice_kind("order.accepted"), Notice.objects.get(user=cast.buyer, kind="order.accepted")
    assert kind
    mail = write(notice_content(notice, kind))
    assert all(f"4 EA {day.day} {day:%b %Y}" in told for told in (mail.text, mail.html)), "in the mail, too"


def test_where_no_day_is_known_that_is_said_too(cast: Cast, synced: SandboxProcess) -> None:
    stocked(8)
    filled_cart(cast, (SKU, 12))
    text = signed_in(cast.buyer).get("/cart/").content.decode()
    assert '4 EA <b class="remark warn">no date yet</b>' in text


def test_stock_that_went_since_the_page_is_told_before_anything_is_ordered(cast: Cast, synced: SandboxProcess) -> None:
    stocked(50)
    filled_cart(cast, (SKU, 12))
    client = signed_in(cast.buyer)
    page = page_of(client)
    stocked(5, coming=100)
    answer = submit(client, page, po_number="4711")
    assert answer.status_code == 409
    assert f"{SKU}: it comes otherwise than shown before" in answer.content.decode()
    assert not Order.objects.exists()
    again = page_of(client)
    assert (
        "All of it was there when you put it in; now part of it has to come first"
        in client.get("/cart/").content.decode()
    )
    assert submit(client, again, po_number="4711").status_code == 302
