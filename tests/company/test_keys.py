"""A key is made by an administrator who has just proved who they are, shown once, replaced with an overlap, revoked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.keys import make_key, replace_key
from distportal.accounts.models import ApiKey, User
from distportal.accounts.seeds import DEMO_PASSWORD
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
FORM = {"name": "Till", "scopes": ["orders:read"], "days": "90"}


def calls(secret: str) -> int:
    return Client().get("/api/v1/orders", headers={"Authorization": f"Api-Key {secret}"}).status_code


def refusal(secret: str) -> dict[str, Any]:
    """What a call with the secret is refused with."""
    answer = Client(headers={"Authorization": f"Api-Key {secret}"}).get("/api/v1/orders")
    told: dict[str, Any] = answer.json()
    return told


def test_the_secret_is_on_one_page_and_nowhere_else(cast: Cast, typed_in: Callable[[User], Client]) -> None:
    admin = typed_in(cast.colleague)
    shown = admin.post("/company/keys/make/", FORM)
    assert shown.headers["Cache-Control"] == "no-store"
    secret, key = shown.context["secret"], ApiKey.objects.get()
    assert secret in shown.content.decode()
    assert (key.account, key.scopes, key.made_by) == (cast.harbor, ["orders:read"], cast.colleague)
    assert calls(secret) == 200
    again = admin.post("/company/keys/make/", FORM, follow=True).content.decode()  # the page is loaded anew
    assert "There is a live key called Till" in again
    assert secret not in again + admin.get("/company/keys/").content.decode()
    assert ApiKey.objects.count() == 1


def test_a_session_that_was_left_open_makes_no_key_until_the_password_is_typed(cast: Cast) -> None:
    admin = signed_in(cast.colleague)
    answer = admin.post("/company/keys/make/", FORM)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert not ApiKey.objects.exists()
    shown = admin.post(answer.headers["Location"], {"password": DEMO_PASSWORD})
    assert calls(shown.context["secret"]) == 200
    assert "What roles may do" in shown.content.decode()  # a whole page of the company


def test_a_replaced_key_works_for_seven_days_beside_the_new_one(cast: Cast, typed_in: Callable[[User], Client]) -> None:
    old, old_secret = make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=["orders:read"], days=90)
    shown = typed_in(cast.colleague).post(f"/company/keys/{old.prefix}/replace/")
    assert [calls(secret) for secret in (old_secret, shown.context["secret"])] == [200, 200]
    old.refresh_from_db()
    assert old.expiry_date is not None
    assert dt.timedelta(days=6) < old.expiry_date - timezone.now() <= dt.timedelta(days=7)
    with pytest.raises(Conflict, match="replaced already"):
        replace_key(by=cast.colleague, account=cast.harbor, prefix=old.prefix)
    ApiKey.objects.filter(pk=old.pk).update(expiry_date=timezone.now())
    assert [calls(secret) for secret in (old_secret, shown.context["secret"])] == [401, 200]


def test_what_was_typed_is_there_again_where_no_key_was_made(cast: Cast, typed_in: Callable[[User], Client]) -> None:
    answer = typed_in(cast.colleague).post("/company/keys/make/", {**FORM, "networks": "203.0.113.7/24"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert (form["name"].value(), form["networks"].value()) == (FORM["name"], "203.0.113.7/24")
    assert "This is no address range" in form.errors["networks"][0], "beside its field"
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing_from_now_on(cast: Cast) -> None:
    key, secret = make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=["orders:read"], days=90)
    assert calls(secret) == 200
    admin = signed_in(cast.colleague)
    assert key.hashed_key not in admin.get("/company/keys/").content.decode(), "addresses stand in logs"
    admin.post(f"/company/keys/{key.prefix}/revoke/")
    assert calls(secret) == 401
    assert refusal(secret)["code"] == "key_revoked"


def test_who_has_the_secret_of_a_key_that_ended_hears_when_and_who_guesses_does_not(cast: Cast) -> None:
    key, secret = make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=["orders:read"], days=90)
    ended = dt.datetime(2026, 11, 26, 23, 30, tzinfo=dt.UTC)
    ApiKey.objects.filter(pk=key.pk).update(expiry_date=ended)
    told = refusal(secret)
    assert (told["status"], told["code"]) == (401, "key_expired")
    assert told["detail"].startswith("This API key ended on 2026-11-26 at 23:30 UTC. Nothing was done")
    for guess in (f"{key.prefix}.guess", "nobody.guess", ""):
        assert refusal(guess)["detail"] == "This API key is not known. Nothing was done."
    key.refresh_from_db()
    assert key.last_used_at is None, "a call that was refused is no use"


def test_keys_of_the_house_are_operators_and_place_orders_for_whom_they_name(
    cast: Cast, typed_in: Callable[[User], Client], synced: object
) -> None:
    operator = User.objects.get(email="operator@northline.example")
    client, form = typed_in(operator), {**FORM, "name": "Mart", "channel": "market", "scopes": ["orders:write"]}
    shown = client.post("/house-keys/make/", form)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    key, secret = ApiKey.objects.get(name="Mart"), shown.context["secret"]
    assert (key.account, key.channel, key.scopes, key.made_by) == (None, "market", ["orders:write"], operator)
    body = {"po_number": "M-1", "ship_to": "HARBOR-01", "lines": [{"sku": "FST-10001", "quantity": "10"}]}
    headers = {"Authorization": f"Api-Key {secret}", "Idempotency-Key": "market-1"}
    for account, status in (({}, 422), ({"account": "HARBOR"}, 201)):
        placed = Client().post("/api/v1/orders", {**body, **account}, content_type="application/json", headers=headers)
        assert placed.status_code == status, placed.content
    assert (placed.json()["account"], placed.json()["channel"]) == ("HARBOR", "market")
    assert "There is a live key called Mart" in client.post("/house-keys/make/", form, follow=True).content.decode()
    made = client.post(f"/house-keys/{key.prefix}/replace/").context["key"]
    assert (made.channel, made.identity) == ("market", key.identity)
    page = client.get("/house-keys/").content.decode()
    assert secret not in page
    assert page.count("Mart") >= 2
    client.post(f"/house-keys/{made.prefix}/revoke/")
    assert ApiKey.objects.get(pk=made.pk).revoked
    harbors, _ = make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=["orders:read"], days=90)
    assert client.post(f"/house-keys/{harbors.prefix}/replace/").status_code == 404
    client.post(f"/house-keys/{harbors.prefix}/revoke/")
    assert not ApiKey.objects.get(pk=harbors.pk).revoked, "a company's key is not of the house"
    for other in (cast.agent, cast.finance, cast.colleague):
        assert signed_in(other).get("/house-keys/").status_code in (302, 403, 404)
        with pytest.raises(NotAllowed):
            make_key(by=other, account=None, name="Mine", scopes=["orders:read"], days=1)


def test_keys_of_others_are_not_there_and_those_who_may_not_make_none(
    cast: Cast, typed_in: Callable[[User], Client]
) -> None:
    key, secret = make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=["orders:read"], days=90)
    summit = cast.stranger.memberships.get()
    summit.role = "admin"
    summit.save()
    stranger = typed_in(cast.stranger)
    for what in ("replace", "revoke"):
        assert stranger.post(f"/company/keys/{key.prefix}/{what}/").status_code == 404
    with pytest.raises(NotFound):
        replace_key(by=cast.stranger, account=summit.account, prefix=key.prefix)
    for who in (cast.buyer, cast.stranger):
        with pytest.raises(NotAllowed):
            make_key(by=who, account=cast.harbor, name="Mine", scopes=["orders:read"], days=1)
    assert calls(secret) == 200


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ["orders:read"], 90), ("T", [], 90), ("T", ["notes:read"], 90), ("T", ["orders:read"], 366)],
)
def test_what_no_key_of_a_dealer_can_be(name: str, scopes: list[str], days: int, cast: Cast) -> None:
    with pytest.raises(Invalid):
        make_key(by=cast.colleague, account=cast.harbor, name=name, scopes=scopes, days=days)
    assert not ApiKey.objects.exists()


def test_a_range_that_is_none_is_told_beside_its_field_and_the_rest_stays(
    cast: Cast, typed_in: Callable[[User], Client]
) -> None:
    answer = typed_in(cast.colleague).post("/company/keys/make/", {**FORM, "networks": "harbor.example"})
    page = answer.content.decode()
    assert (answer.status_code, ApiKey.objects.count()) == (422, 0)
    assert '<a href="#id_networks">Only from these addresses</a>: This is no address range' in page
    assert 'value="Till"' in page
    assert 'value="harbor.example"' in page
