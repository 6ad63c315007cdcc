"""A dealer settles a held order from home with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.events.sweeper import work_until_idle
from orders.models import Order
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order
from tests.sandbox import SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_the_answers_are_given_by_keyboard_and_the_order_goes_on(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    rows = (("FST-10001", "100", "EA", "0.01"), ("NO-SUCH", "12", "EA", None))
    order = placed_order(*rows, po="4711", channel="edi")
    page = signed_in("buyer@harbor.example")
    expect(page.get_by_text("Your PO 4711 needs 2 answers.")).to_be_visible()
    page.get_by_role("link", name=f"Answer {order}").press("Enter")
    page.get_by_label("I accept").press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Item code")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("FST-10002")
    page.keyboard.press("Enter")
    expect(page.get_by_text("goes on now")).to_be_visible()
    assert_accessible(page)
    work_until_idle()
    assert Order.objects.get(pk=order.pk).status == "confirmed"
