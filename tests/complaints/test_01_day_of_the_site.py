"""Complaint 1, in the evening: a contract's last day is over when it is over at the site, in every place at once.

(portal.md, section 4, numbers 1 and 3.) In Chicago it is tomorrow in UTC from six or seven in the evening on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from distportal.accounts.models import Account
from distportal.events.clock import database_now
from inventory.models import Item, Price
from inventory.queries.availability import availability_of
from orders.models import Order
from orders.process.drafts import add_to_draft, open_draft
from orders.process.quick.judging import judge_rows
from orders.process.quick.reading import TypedRow
from orders.process.quick.rows import keep_rows
from tests.api.conftest import Caller, caller, order_body
from tests.clients import signed_in
from tests.conftest import Cast
from tests.days import ahead, zone_of_another_day
from tests.edi.conftest import Post, catalogue, crestline, edi_root
from tests.sandbox import SandboxProcess

__all__ = ["caller", "catalogue", "crestline", "edi_root"]

pytestmark = pytest.mark.django_db
SKU, AGREED = "FST-10001", Decimal("0.0700")


@pytest.fixture
def evening(settings: Any) -> dt.date:
    """The day at the site, which is another one than in UTC."""
    settings.TIME_ZONE = zone_of_another_day()
    assert ahead() != timezone.now().astimezone(dt.UTC).date()
    return ahead()


def agreed_for(day: dt.date, code: str) -> Item:
    """The item with one contract price of the account, for that day alone."""
    item, account = Item.objects.get(sku=SKU), Account.objects.get(code=code)
    Price.objects.filter(item=item, account=account).delete()
    Price.objects.create(
        erp_id=f"day-{code}", account=account, item=item, contract="K-DAY", min_quantity=1, unit_price=AGREED,
        currency="USD", valid_from=day, valid_until=day, as_of=item.as_of, erp_version="1",
    )  # fmt: skip
    return item


def test_every_place_says_the_price_of_the_sites_day(
    cast: Cast, synced: SandboxProcess, caller: Callable[..., Caller], evening: dt.date
) -> None:
    item, client = agreed_for(evening, "HARBOR"), signed_in(cast.buyer)
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    keep_rows(draft=draft, rows=[TypedRow(SKU, "10")])
    [quick] = judge_rows(draft=draft).lines
    add_to_draft(draft=draft, item=item, quantity=Decimal(10), unit="EA")
    cart = client.get("/cart/").context
    placed = caller("HARBOR").place(order_body("PO-DAY", {"sku": SKU, "quantity": "10"}), key="day-key-0001")
    assert placed.status_code == 201, placed.content
    order = Order.objects.get(po_number="PO-DAY")
    [again] = client.get(f"/orders/{order.number}/reorder/").context["rows"]
    found = {
        "search": client.get("/catalogue/?q=fst10001").context["offers"][0].quote.unit_price,
        "item page": client.get(f"/catalogue/{SKU}/").context["offer"].quote.unit_price,
        "quick order": quick.fact.our_price if quick.fact else None,
        "cart": cart["rows"][0]["fact"].our_price,
        "checkout": cart["cart"].evaluation.facts.total / 10,
        "API price": Decimal(caller("HARBOR").get("prices", sku=SKU).json()[0]["unit_price"]),
        "API order": order.lines.get().unit_price,
        "reorder": again["again"].price_now,
    }
    assert found == dict.fromkeys(found, AGREED)
    assert order.canonical["ordered_on"] == evening.isoformat()
    assert client.get("/catalogue/?contract=1&q=fst10001").context["offers"][0].item == item


def test_a_po_by_edi_is_judged_and_answered_by_the_sites_day(
    crestline: Post, catalogue: SandboxProcess, evening: dt.date
) -> None:
    agreed_for(evening, "CRESTLINE")
    crestline.take(crestline.order((SKU, "10", str(AGREED)), po="CR-DAY"))
    order = Order.objects.get(po_number="CR-DAY")
    assert order.lines.get().unit_price == AGREED
    assert [finding.code for finding in order.findings.all()] == []
    [[told]] = [[row for row in rows if row[0] == "BAK"] for rows in crestline.sets("855")]
    assert told[9] == f"{evening:%Y%m%d}", "the day of the acknowledgement is the site's"


def test_the_day_after_is_over_everywhere(
    cast: Cast, synced: SandboxProcess, caller: Callable[..., Caller], evening: dt.date
) -> None:
    """What is agreed for the day that it is in UTC does not count: here that day is over, or has not come."""
    item = agreed_for(timezone.now().astimezone(dt.UTC).date(), "HARBOR")
    assert item.list_price != AGREED
    client = signed_in(cast.buyer)
    assert client.get(f"/catalogue/{SKU}/").context["offer"].quote.unit_price == item.list_price
    told = caller("HARBOR").get("prices", sku=SKU).json()[0]
    assert Decimal(told["unit_price"]) == item.list_price


def test_what_can_be_promised_today_is_of_the_sites_day(synced: SandboxProcess, evening: dt.date) -> None:
    item = Item.objects.get(sku=SKU)
    places = availability_of(item_ids=[item.pk])[item.pk].by_warehouse
    assert {place.timeline.days[0] for place in places} == {evening}
    assert database_now().astimezone(dt.UTC).date() != evening
