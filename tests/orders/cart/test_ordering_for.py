"""The line over the pages that an order begins on: whom and where it is for, and how fresh prices and stock are."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from distportal.accounts.models import ShipTo
from inventory.models import FeedCursor
from orders.models import Draft
from orders.process.cart_saving import CheckoutSaid, go_to_several, save_checkout
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.cart.form import page_of

pytestmark = pytest.mark.django_db
PAGES = ("/quick-order/", "/cart/")


def line_of(page: str) -> str:
    """The words of the line."""
    found = re.search(r"<h1>[^<]*</h1><p>(.*?)</p>", main_of(page), re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found.group(1)).strip()


def test_it_says_for_whom_whereto_and_how_old_the_figures_are(cast: Cast, filled: Draft) -> None:
    client, moment = signed_in(cast.buyer), timezone.now().replace(second=0, microsecond=0)
    FeedCursor.objects.filter(kind="price").update(read_at=moment - dt.timedelta(minutes=1))
    FeedCursor.objects.filter(kind="stock").update(read_at=moment)
    priced, counted = (timezone.localtime(at) for at in (moment - dt.timedelta(minutes=1), moment))
    place = ShipTo.objects.filter(account=cast.harbor, active=True).last()
    assert place is not None
    save_checkout(draft=filled, said=CheckoutSaid(ship_to=place))
    for page in PAGES:
        shown = client.get(page).content.decode()
        if priced.date() == counted.date() == timezone.localdate():
            assert line_of(shown) == (
                f"{cast.harbor.name} · ship to: {place.name} · prices in USD from the ERP at {priced:%H:%M}"
                f" · stock as of {counted:%H:%M}"
            )
        assert f'title="{counted:%Y-%m-%d %H:%M:%S} ' in shown, "the whole moment stands behind the time"


def test_figures_of_another_day_say_their_day(cast: Cast, filled: Draft) -> None:
    old = timezone.localtime() - dt.timedelta(days=3)
    FeedCursor.objects.filter(kind="stock").update(read_at=old)
    for page in PAGES:
        told = line_of(signed_in(cast.buyer).get(page).content.decode())
        assert f"stock as of {old.day} {old:%b %Y}, {old:%H:%M}" in told


def test_another_place_is_named_at_once(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    other = ShipTo.objects.filter(account=cast.harbor, active=True).last()
    assert other is not None
    typed = {**page_of(client).fields, "ship_to": str(other.pk), "do": "update"}
    answer = client.post("/cart/save/", typed, headers={"HX-Request": "true"})
    assert f'<span id="for-place" hx-swap-oob="true">ship to: {other.name}' in answer.content.decode()


def test_several_places_are_counted_and_a_new_address_is_named(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    places = list(ShipTo.objects.filter(account=cast.harbor, active=True)[:2])
    go_to_several(draft=filled, place_ids=[place.pk for place in places])
    for page in PAGES:
        assert " · ship to: 2 places · " in line_of(client.get(page).content.decode())
