"""A held order is answered by keyboard alone: the question is the first thing on the home page, and Enter sends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from distportal.events.sweeper import work_until_idle
from orders.models import Order, OrderVersion
from tests.browser.conftest import PHONE
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order
from tests.sandbox import SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
ROWS = (("FST-10001", "100", "EA", "0.01"), ("NO-SUCH", "12", "EA", None))


def tab_to(page: Page, wanted: Locator, *, most: int) -> None:
    """From the top of the main part to it, in so many steps at the most."""
    page.locator("main").focus()
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is further than {most} steps away")


def test_a_held_order_is_answered_without_a_mouse_on_a_dark_phone(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page], assert_fits: Callable[[Page], None],
    assert_accessible: Callable[[Page], None],
) -> None:  # fmt: skip
    order = placed_order(*ROWS, po="4711", channel="edi")
    page = signed_in(cast.buyer.email, viewport=PHONE, color_scheme="dark")
    assert_accessible(page)
    tab_to(page, page.get_by_role("link", name=f"Answer {order}"), most=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("PO 4711 needs 2 answers")
    assert_fits(page)
    assert_accessible(page)
    tab_to(page, page.get_by_label("I accept"), most=2)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Item code")).to_be_focused()
    page.keyboard.type("FST-10002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("goes on now")
    assert_fits(page)
    assert_accessible(page)
    assert OrderVersion.objects.filter(order=order).count() == 2
    work_until_idle()
    assert Order.objects.get().status == "confirmed"
