"""Every address of the library for signing in shows a page of this house, leads on, or is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from distportal.accounts.seeds import DEMO_PASSWORD
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.factors import give_factors
from tests.web.test_second_factor import at_the_door

pytestmark = pytest.mark.django_db
CLOSED = {"signup/", "email/", "confirm-email/", "confirm-email/MQ:1x/", "login/code/confirm/"}
SIGNED_OUT = {
    "login/": "account/login.html", "inactive/": "account/account_inactive.html",
    "password/reset/": "account/password_reset.html", "password/reset/done/": "account/password_reset_done.html",
    "password/reset/key/done/": "account/password_reset_from_key_done.html",
    "password/reset/key/1-x/": "account/password_reset_from_key.html",
}  # fmt: skip
SIGNED_IN = {
    "logout/": "account/logout.html", "reauthenticate/": "account/reauthenticate.html",
    "password/change/": "account/password_change.html", "2fa/": "mfa/index.html", "sessions/":
    "usersessions/usersession_list.html", "2fa/reauthenticate/": "mfa/reauthenticate.html",
    "2fa/totp/deactivate/": "mfa/totp/deactivate_form.html", "2fa/recovery-codes/": "mfa/recovery_codes/index.html",
    "2fa/recovery-codes/generate/": "mfa/recovery_codes/generate.html",
    "2fa/webauthn/": "mfa/webauthn/authenticator_list.html", "2fa/webauthn/add/": "mfa/webauthn/add_form.html",
    "2fa/webauthn/reauthenticate/": "mfa/webauthn/reauthenticate.html",
    "2fa/webauthn/keys/{key}/edit/": "mfa/webauthn/edit_form.html",
    "2fa/webauthn/keys/{key}/remove/": "mfa/webauthn/authenticator_confirm_delete.html",
}  # fmt: skip
EXAMPLES = {
    "confirm-email/<str:key>/": "confirm-email/MQ:1x/", "^confirm-email/(?P<key>[-:\\w]+)/$": "confirm-email/MQ:1x/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-x/",
}  # fmt: skip


def addresses(found: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Those below `accounts/`, with an example for each value."""
    for one in found:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, here)
        else:
            yield EXAMPLES.get(here, here).replace("<int:pk>", "{key}")


@pytest.fixture
def known() -> set[str]:
    below = [one for one in get_resolver().url_patterns if str(one.pattern) == "accounts/"]
    return set(addresses([part for one in below if isinstance(one, URLResolver) for part in one.url_patterns]))


@pytest.fixture
def key(cast: Cast) -> int:
    """A passkey of the buyer's, who has a code app and recovery codes as well."""
    return give_factors(cast.buyer)


def shown(client: Client, address: str) -> str:
    """The page's template, `closed`, or where it leads; a page of the house is laid out by the house."""
    answer = client.get(f"/accounts/{address}")
    if answer.status_code == 404:
        return "closed"
    if answer.status_code == 302:
        return f"-> {answer.headers['Location'].partition('?')[0]}"
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    if not answer.templates or not answer["Content-Type"].startswith("text/html"):
        return answer["Content-Type"]
    page = answer.templates[0]
    assert Path(page.origin.name).is_relative_to(settings.BASE_DIR / "templates"), f"{address} is not ours"
    assert main_of(answer.content.decode()).count("<h1") == 1, address
    return str(page.name)


def test_signed_out_they_are_ours_lead_to_the_sign_in_or_are_closed(known: set[str], key: int) -> None:
    found = {address: shown(Client(), address.format(key=key)) for address in known}
    pages = {address: name for address, name in found.items() if name.endswith(".html")}
    assert pages == SIGNED_OUT
    assert {address for address, name in found.items() if name == "closed"} == CLOSED
    rest = {name for address, name in found.items() if address not in {*pages, *CLOSED}}
    assert rest == {"-> /accounts/login/"}


def test_signed_in_they_are_ours_lead_on_or_are_closed(known: set[str], key: int, cast: Cast) -> None:
    client = signed_in(cast.buyer)
    assert client.post("/accounts/reauthenticate/", {"password": DEMO_PASSWORD}).status_code == 302
    found = {address: shown(client, address.format(key=key)) for address in known}
    pages = {address: name for address, name in found.items() if name.endswith(".html")}
    there_too = {address: SIGNED_OUT[address] for address in SIGNED_OUT if address not in ("login/",)}
    assert pages == SIGNED_IN | there_too
    assert {address for address, name in found.items() if name == "closed"} == CLOSED
    rest = {address: name for address, name in found.items() if address not in {*pages, *CLOSED}}
    assert rest == {
        "login/": "-> /", "password/set/": "-> /accounts/password/change/", "2fa/authenticate/": "-> /",
        "2fa/totp/activate/": "-> /accounts/2fa/totp/deactivate/", "2fa/webauthn/login/": "-> /",
        "2fa/recovery-codes/download/": "text/plain",
    }  # fmt: skip


def test_between_password_and_code_the_page_is_ours(key: int, cast: Cast) -> None:
    door = at_the_door(cast.buyer)
    assert shown(door, "2fa/authenticate/") == "mfa/authenticate.html"
    page = main_of(door.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode())
    assert 'aria-describedby="code_error"' in page
    assert door.get("/orders/").status_code == 302


def test_who_has_no_password_or_app_gets_our_pages_for_them(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    client.post("/accounts/reauthenticate/", {"password": DEMO_PASSWORD})
    assert shown(client, "2fa/totp/activate/") == "mfa/totp/activate_form.html"
    secret = client.session["mfa.totp.secret"]
    page = main_of(client.post("/accounts/2fa/totp/activate/", {"code": "abc"}).content.decode())
    assert secret in page, "a code that was mistyped does not make another key"
    assert 'aria-describedby="code_error"' in page
    cast.buyer.set_unusable_password()
    cast.buyer.save()
    fresh = signed_in(cast.buyer)
    assert shown(fresh, "password/set/") == "account/password_set.html"
