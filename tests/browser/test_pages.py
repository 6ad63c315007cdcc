"""Every page of dealers, of the desk and of the back office: wide and narrow, light and dark, readable by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.accounts.models import User
from distportal.accounts.seeds import DEMO_PASSWORD
from tests.browser.company import dealer_pages, fill, staff_pages
from tests.browser.conftest import Check
from tests.browser.house import back_office_pages, fill_house, house_pages
from tests.conftest import Cast
from tests.orders.money import an_invoice
from tests.sandbox import SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
ROOT = "root@northline.example"


def test_every_page_fits_and_can_be_read_by_everybody(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page], check_pages: Check
) -> None:
    company, house = fill(cast, synced), fill_house(cast)
    User.objects.create_superuser(ROOT, DEMO_PASSWORD, name="Root")
    pages_of = {
        cast.buyer.email: dealer_pages(company),
        cast.agent.email: staff_pages(company),
        "operator@northline.example": house_pages(company, house),
        ROOT: back_office_pages(company, house),
    }
    bad = []
    for email, pages in pages_of.items():
        try:
            check_pages(signed_in(email), pages)
        except AssertionError as error:
            bad.append(f"{email}: {error}")
    assert bad == [], "\n".join(bad)


def test_the_pages_before_sign_in_too(cast: Cast, open_page: Callable[..., Page], check_pages: Check) -> None:
    addresses = {"login": "/accounts/login/", "forgot": "/accounts/password/reset/", "missing": "/nowhere/"}
    check_pages(open_page(), addresses)


def test_lists_of_the_back_office_are_worked_by_keyboard(cast: Cast, signed_in: Callable[..., Page]) -> None:
    an_invoice(cast.harbor, "OURS-1", "10")
    page = signed_in(cast.finance.email)
    page.goto("/admin/orders/invoice/")
    page.get_by_role("button", name="Filters").press("Enter")
    expect(page.locator("#changelist-filter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#changelist-filter")).to_be_hidden()
    lines = page.get_by_role("button", name="Lines")
    expect(lines).to_have_attribute("aria-expanded", "false")
    lines.press("Enter")
    expect(lines).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("cell", name="10.00", exact=True).first).to_be_visible()
