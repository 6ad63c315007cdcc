"""The frame of every page: sign-in, policy, health, what each audience finds in it."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from distportal.accounts.models import User
from distportal.accounts.seeds import DEMO_PASSWORD
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def home(user: User) -> str:
    client = signed_in(user)
    return str(client.get("/").content.decode())


def test_each_audience_finds_its_own_work(cast: Cast) -> None:
    dealer, agent, finance = home(cast.buyer), home(cast.agent), home(cast.finance)
    assert ["/catalogue/" in page for page in (dealer, agent, finance)] == [True, False, False]
    assert ["/desk/" in page for page in (dealer, agent, finance)] == [False, True, True]
    assert ["/admin/orders/dispute/" in page for page in (dealer, agent, finance)] == [False, False, True]
    assert ["Nothing here yet" in page for page in (dealer, agent, finance)] == [False, False, False]
    assert "Harbor Hardware" in dealer


def test_somebody_without_account_or_team_is_told_whom_to_ask(db: None) -> None:
    assert "Nothing here yet" in home(User.objects.create_user("new@example.com", "a-long-password-1"))


def test_pages_forbid_inline_script_and_style_and_only_the_admin_is_looser(cast: Cast) -> None:
    client = signed_in(cast.finance)
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "unsafe-inline" in client.get("/admin/").headers["Content-Security-Policy"]


def test_sign_in_is_one_for_all_and_keeps_the_wanted_page(cast: Cast) -> None:
    answer = Client().get("/admin/orders/dispute/")
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]
    signed = Client().post("/accounts/login/?next=/orders/", {"login": cast.buyer.email, "password": DEMO_PASSWORD})
    assert (signed.status_code, signed.headers["Location"]) == (302, "/orders/")
    wrong = Client().post("/accounts/login/", {"login": cast.buyer.email, "password": "wrong"})
    assert wrong.status_code == 200


def test_nobody_can_sign_up_by_themselves(db: None) -> None:
    client = Client()
    client.post("/accounts/signup/", {"email": "me@example.com", "password1": "a-long-password-1"})
    assert not User.objects.exists()


def test_health_tells_what_is_away(db: None) -> None:
    assert Client().get("/health/live").status_code == 200
    ready = Client().get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]["database"]) == (200, "ok")


def test_an_error_page_has_a_reference_and_no_stack(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert b"Reference" in page.content
    assert b"Traceback" not in page.content


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.buyer)
    assert client.post("/cart/add/", {"sku": "FST-10001", "quantity": "1"}).status_code == 403


def test_a_cart_never_sends_people_to_another_site(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = client.post("/cart/add/", {"sku": "NO-1", "quantity": "1", "next": back})
        assert answer.headers["Location"].startswith("/cart/"), back


def test_a_page_below_an_entry_shows_where_one_is(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    found = {
        address: re.findall(r'<a href="([^"]+)"[^>]* aria-current="(\w+)"', menu_of(client.get(address)))
        for address in ("/", "/orders/", "/orders/lines/", "/keys/")
    }
    assert found == {
        "/": [("/", "page")],
        "/orders/": [("/orders/", "page")],
        "/orders/lines/": [("/orders/", "true")],
        "/keys/": [],
    }
    staff = signed_in(cast.agent)
    assert re.findall(r'<a href="([^"]+)"[^>]* aria-current', menu_of(staff.get("/dealers/addresses/"))) == [
        "/dealers/addresses/"
    ]


def menu_of(answer: HttpResponse) -> str:
    return answer.content.decode().partition('class="nav"')[2].partition("</nav>")[0]
