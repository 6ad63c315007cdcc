"""Long lists on a wide screen: their heads stay in sight, and columns that nobody needs can be left out by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.company import order_by
from tests.browser.conftest import PHONE
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
SignedIn = Callable[..., Page]


def below_the_frame(page: Page) -> float:
    """How far the list's heads are below the frame's top line, once the page is scrolled to its end."""
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    return float(
        page.evaluate(
            "document.querySelector('.table thead th').getBoundingClientRect().top"
            " - document.querySelector('.top').getBoundingClientRect().bottom"
        )
    )


def test_heads_stay_in_sight_and_columns_can_be_left_out(
    cast: Cast, synced: SandboxProcess, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    for number in range(12):
        order_by("portal", ("FST-10001", "1", "EA", None), po=f"LONG-{number}")
    page = signed_in(cast.buyer.email, viewport={"width": 1360, "height": 480})
    page.goto("/orders/?view=all")
    assert abs(below_the_frame(page)) < 2
    expect(page.get_by_text("LONG-0", exact=True)).to_be_in_viewport()
    page.locator("details.columns summary").press("Enter")
    page.get_by_role("checkbox", name="Lines shipped").press("Space")
    assert_accessible(page)
    page.get_by_role("button", name="Show these").press("Enter")
    expect(page.get_by_text("1 left out")).to_be_visible()
    assert page.url.endswith("/orders/?view=all")
    heads = page.get_by_role("columnheader")
    expect(heads.filter(has_text="Lines shipped")).to_have_count(0)
    expect(heads).to_have_count(7)
    expect(page.locator("progress").first).to_be_hidden()
    page.set_viewport_size(PHONE)
    expect(page.locator("progress").first).to_be_visible()  # a card has all of it
    expect(page.locator("details.columns")).to_be_hidden()
