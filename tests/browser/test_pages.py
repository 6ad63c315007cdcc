"""Every page of dealers and of the desk: wide and narrow, light and dark, readable by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.company import Company, dealer_pages, fill, operator_pages, staff_pages
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
PAGES_OF = {"buyer": dealer_pages, "agent": staff_pages, "operator": operator_pages}


@pytest.fixture
def company(cast: Cast, synced: SandboxProcess) -> Company:
    """One of everything."""
    return fill(cast, synced)


@pytest.mark.parametrize("email", ["buyer@harbor.example", "agent@northline.example", "operator@northline.example"])
def test_every_page_fits_and_can_be_read_by_everybody(
    email: str,
    company: Company,
    signed_in: Callable[..., Page],
    check_pages: Callable[[Page, dict[str, str]], None],
) -> None:
    check_pages(signed_in(email), PAGES_OF[email.partition("@")[0]](company))


def test_the_pages_before_sign_in_too(
    cast: Cast, open_page: Callable[..., Page], check_pages: Callable[[Page, dict[str, str]], None]
) -> None:
    addresses = {"login": "/accounts/login/", "forgot": "/accounts/password/reset/", "missing": "/nowhere/"}
    check_pages(open_page(), addresses)
