"""Complaint 2: "Double order": a double click, the back button or a second tab made two orders."""

from __future__ import annotations

import pytest

from orders.models import Draft, Order
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.cart.filling import filled_cart
from tests.orders.cart.form import page_of, submit
from tests.sandbox import SandboxProcess


@pytest.mark.django_db
def test_the_second_click_the_back_button_and_the_second_tab_show_the_first_order(
    cast: Cast, synced: SandboxProcess
) -> None:
    draft = filled_cart(cast)
    client = signed_in(cast.buyer)
    page, tab = page_of(client), page_of(client)
    first = submit(client, page, po_number="4711")
    confirmation = f"/cart/placed/{draft.pk}/"
    assert first.headers["Location"] == confirmation
    order = Order.objects.get()
    for again, po in ((page, "4711"), (tab, "4712")):
        answer = submit(client, again, po_number=po)
        assert answer.headers["Location"] == confirmation
        assert f"SO-{order.number}" in client.get(confirmation).content.decode()
    saved = client.post("/cart/save/", {**tab.fields, "do": "update"}, follow=True)
    assert "That cart was placed before" in saved.content.decode()
    assert Order.objects.count() == 1
    assert order.lines.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_order(cast: Cast, synced: SandboxProcess) -> None:
    draft = filled_cart(cast)
    page = page_of(signed_in(cast.buyer))

    def click() -> str:
        return str(submit(signed_in(cast.buyer), page, po_number="4711").headers["Location"])

    assert at_once(click, click) == [f"/cart/placed/{draft.pk}/"] * 2
    assert Order.objects.count() == 1
    assert Draft.objects.get(pk=draft.pk).order == Order.objects.get()
