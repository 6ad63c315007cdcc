"""The pages around signing in, with an app, a passkey and recovery codes: they fit and can be read by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from distportal.accounts.seeds import DEMO_PASSWORD
from tests.browser.conftest import Check
from tests.conftest import Cast
from tests.factors import give_factors

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
FACTORS = "/accounts/2fa/"


@pytest.fixture
def check_there(check_pages: Check) -> Check:
    """As `check_pages`, of addresses that lead nowhere else: another page would look as good."""

    def check(page: Page, addresses: dict[str, str]) -> None:
        for address in addresses.values():
            page.goto(address)
            assert page.url.endswith(address)
        check_pages(page, addresses)

    return check


def test_the_pages_of_second_factors_fit_and_can_be_read_by_everybody(
    cast: Cast,
    signed_in: Callable[..., Page],
    open_page: Callable[..., Page],
    check_pages: Check,
    check_there: Check,
) -> None:
    page = signed_in(cast.buyer.email)
    check_pages(page, {"again": "/accounts/reauthenticate/"})
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda address: "reauthenticate" not in address)
    check_there(page, {"app": f"{FACTORS}totp/activate/"})
    key = give_factors(cast.buyer)
    check_there(
        page,
        {
            "app-off": f"{FACTORS}totp/deactivate/",
            "codes": f"{FACTORS}recovery-codes/",
            "codes-new": f"{FACTORS}recovery-codes/generate/",
            "passkeys": f"{FACTORS}webauthn/",
            "passkey-name": f"{FACTORS}webauthn/keys/{key}/edit/",
            "passkey-off": f"{FACTORS}webauthn/keys/{key}/remove/",
            "again-by-code": f"{FACTORS}reauthenticate/",
            "again-by-passkey": f"{FACTORS}webauthn/reauthenticate/",
            "inactive": "/accounts/inactive/",
        },
    )
    door = open_page()
    door.goto("/accounts/login/")
    door.get_by_label("E-mail").fill(cast.buyer.email)
    door.get_by_label("Password").fill(DEMO_PASSWORD)
    door.get_by_role("button", name="Sign in", exact=True).click()
    door.wait_for_url(f"**{FACTORS}authenticate/**")
    check_there(door, {"code": f"{FACTORS}authenticate/"})
