"""A script that somebody put into a page does not run: neither what was stored as a name, nor what got in raw."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from distportal.accounts.models import Account, User
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
MARKS = '<script>window.ran = "script"</script><img src="data:x" onerror="window.ran = \'image\'">'
LINK = '<a id="bad" href="javascript:window.ran=\'link\'">go</a>'


def ran(page: Page) -> object:
    return page.evaluate("window.ran ?? null")


def test_a_name_that_is_a_script_is_shown_as_words(cast: Cast, signed_in: Callable[..., Page]) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(name=f"Harbor {MARKS}")
    User.objects.filter(pk=cast.colleague.pk).update(name=f"Cora {MARKS}")
    page = signed_in(cast.colleague.email)
    for address in ("/", "/company/", "/company/people/", "/company/sign-ins/", "/orders/"):
        page.goto(address)
        assert (address, ran(page)) == (address, None)
    page.goto("/company/people/")
    expect(page.get_by_text("window.ran").first).to_be_visible()


def test_what_got_into_a_page_raw_is_not_run_by_the_browser(
    cast: Cast, signed_in: Callable[..., Page], complaints: list[str]
) -> None:
    page = signed_in(cast.colleague.email)

    def with_marks(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{MARKS}{LINK}</main>"))

    page.route("**/company/", with_marks)
    page.goto("/company/")
    page.locator("#bad").click()
    page.wait_for_timeout(200)
    assert ran(page) is None
    assert len([one for one in complaints if "Content Security Policy" in one]) >= 2, "script and handler, each told"
    complaints.clear()
