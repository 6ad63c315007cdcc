"""Crowded pages in a longer language, and the switch between languages, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as site
from playwright.sync_api import Page, expect

from distportal.accounts.models import User
from tests.browser.company import Company, dealer_pages, fill
from tests.browser.conftest import PHONE
from tests.conftest import Cast
from tests.sandbox import SandboxProcess
from tests.words.pseudo import PSEUDO, spoken

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
CROWDED = (
    "home", "orders", "order-billed", "order-held", "invoices", "invoice", "cart", "catalogue", "item", "quick-order",
    "invoice-dispute", "held-answer", "statement",
)  # fmt: skip


@pytest.fixture
def pseudo(settings: Any) -> Iterator[None]:
    settings.LANGUAGES = [*site.LANGUAGES, (PSEUDO, "English")]
    with spoken():
        yield


@pytest.fixture
def company(cast: Cast, synced: SandboxProcess) -> Company:
    """One of everything."""
    return fill(cast, synced)


def test_a_dealer_changes_the_language_and_longer_words_fit_a_phone(
    pseudo: None, company: Company, cast: Cast, signed_in: Callable[..., Page], assert_fits: Callable[[Page], None],
    assert_accessible: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    page = signed_in(cast.buyer.email, viewport=PHONE)
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", name="Pedidos abiertos")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert_accessible(page)
    User.objects.filter(pk=cast.buyer.pk).update(language=PSEUDO)
    too_wide = []
    addresses = dealer_pages(company)
    for name in CROWDED:
        page.goto(addresses[name])
        shoot(page, name)
        try:
            assert_fits(page)
        except AssertionError as error:
            too_wide.append(str(error))
    assert too_wide == []
