"""The company pages in Chromium: an administrator's phone and desk, an agent's visit, a passkey from start to end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.accounts.choices import Role
from distportal.accounts.keys import make_key
from distportal.accounts.models import Account, Membership
from distportal.accounts.seeds import DEMO_PASSWORD, seed_group
from distportal.web.company.inviting import invite
from tests.browser.conftest import DESK, PHONE
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def check(
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> Callable[[Page, str], None]:
    """Fits, can be read by everybody, and is kept as a picture where pictures are wanted."""

    def look(page: Page, name: str) -> None:
        shoot(page, name)
        assert_fits(page)
        assert_accessible(page)

    return look


def test_an_administrators_pages_fit_and_can_be_read_by_everybody(
    cast: Cast, signed_in: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    seed_group()
    invite(by=cast.colleague, account=cast.harbor, email="nora@harbor.example", role=Role.BUYER)
    make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=["orders:read"], days=90)
    member = Membership.objects.get(user=cast.buyer)
    page = signed_in("admin@harbor.example", viewport=PHONE, color_scheme="dark")
    for address in (
        "/company/", "/company/people/", f"/company/people/{member.pk}/", "/company/addresses/",
        "/company/addresses/new/", "/company/keys/", "/company/sign-ins/", "/company/roles/", "/accounts/2fa/",
        "/accounts/sessions/",
    ):  # fmt: skip
        page.goto(address)
        check(page, address.strip("/").replace("/", "-"))
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    for address in ("/company/people/", "/company/keys/", "/company/roles/"):
        page.goto(address)
        check(page, address.strip("/").replace("/", "-") + "-wide")
    page.goto("/messages/")  # little stands under the open list there: what it covers in part is no target
    page.locator(".companies summary").press("Enter")
    check(page, "switch-wide")
    page.get_by_role("button", name="Old Town Hardware").press("Enter")
    expect(page.locator(".companies summary")).to_contain_text("Old Town Hardware")
    page.goto("/company/addresses/new/")
    expect(page.locator("main")).to_contain_text("We review new addresses")


def test_a_visit_has_a_banner_and_ends_by_keyboard(
    cast: Cast, signed_in: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    page = signed_in("agent@northline.example", viewport=PHONE)
    page.goto("/dealers/?q=harbor")
    check(page, "dealers")
    page.get_by_role("link", name="Bea Harbor").press("Enter")
    page.get_by_label("Order on behalf").press("Space")
    page.get_by_label("Why?").fill("called: out of bolts")
    check(page, "begin")
    page.get_by_label("Why?").press("Enter")
    expect(page.get_by_text("You order on behalf of Bea Harbor")).to_be_visible()
    check(page, "visiting")
    page.get_by_role("button", name="End the visit").press("Enter")
    expect(page.get_by_text("The visit is over.")).to_be_visible()
    assert Account.objects.get(code="HARBOR").visits.get().ended_at is not None


def test_a_passkey_is_added_and_then_signs_in_alone(
    cast: Cast, signed_in: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    page = signed_in("admin@harbor.example")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My phone")
    check(page, "add")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/recovery-codes/**")
    check(page, "codes")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("signs in alone")).to_be_visible()
    check(page, "passkeys")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").wait_for()
    page.wait_for_load_state()  # the button is a script's
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    expect(page.locator("main")).to_contain_text("Harbor Hardware")


def test_the_heads_of_the_table_of_roles_stand_above_its_rows(cast: Cast, signed_in: Callable[..., Page]) -> None:
    page = signed_in("admin@harbor.example", viewport=DESK)
    page.goto("/company/roles/")
    tops = page.locator("thead th").evaluate_all("heads => heads.map(head => head.getBoundingClientRect().top)")
    assert (len(tops), len(set(tops))) == (6, 1)
    assert page.locator("tbody tr").first.evaluate("row => row.getBoundingClientRect().top") > tops[0]
