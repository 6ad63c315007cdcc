"""The menu beside every page is a drawer on a phone: for staff and dealers, by hand and by keys, without script too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
Check = Callable[[Page], None]


def test_a_phone_opens_the_menu_and_a_desk_has_it_at_hand(
    cast: Cast, signed_in: Callable[..., Page], assert_accessible: Check, assert_fits: Check
) -> None:
    page = signed_in(cast.agent.email, viewport=PHONE, color_scheme="dark")
    button, menu = page.get_by_role("button", name="Menu", exact=True), page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    button.press("Enter")
    expect(menu).to_be_visible()
    wide = "e => e.scrollWidth - e.clientWidth"
    assert [menu.evaluate(wide), page.get_by_role("complementary").evaluate(wide)] == [0, 0]
    assert_fits(page)
    assert_accessible(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close the menu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    page.get_by_role("button", name="Close the menu").click()
    expect(menu).to_be_hidden()
    page.set_viewport_size(DESK)
    expect(menu).to_be_visible()
    expect(button).to_be_hidden()
    expect(page.get_by_role("button", name="Close the menu")).to_be_hidden()


def test_the_menu_of_a_phone_needs_no_script(cast: Cast, signed_in: Callable[..., Page], site: str) -> None:
    page = signed_in(cast.buyer.email, viewport=PHONE, java_script_enabled=False)
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Invoices").click()
    page.wait_for_url(f"{site}/invoices/")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    here = page.get_by_role("navigation", name="Main").locator("[aria-current]")
    expect(here).to_have_text("Invoices")
