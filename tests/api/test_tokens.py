"""Tokens of an hour, as OAuth clients ask for them: never more than their key, and over with it."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client, override_settings

from distportal.accounts.choices import Scope
from distportal.accounts.keys import make_key, revoke_key
from distportal.accounts.models import ApiKey, ApiPolicy
from distportal.accounts.tokens import make_token
from tests.api.conftest import order_body
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
Ask = Callable[..., Any]


@pytest.fixture
def made(cast: Cast) -> tuple[ApiKey, str]:
    """A key of Harbor that reads and writes orders, with its secret."""
    scopes = [Scope.ORDERS_READ, Scope.ORDERS_WRITE]
    return make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=scopes, days=90)


@pytest.fixture
def ask(made: tuple[ApiKey, str]) -> Ask:
    """Asks for a token with the key's name and secret by HTTP Basic, or by what the test says instead."""

    def post(body: str = "grant_type=client_credentials", *, basic: str | None = None, **more: Any) -> Any:
        name, _, secret = made[1].partition(".")
        told = base64.b64encode((basic if basic is not None else f"{name}:{secret}").encode()).decode()
        headers = {} if basic == "" else {"Authorization": f"Basic {told}"}
        return Client().post("/api/v1/token", body, content_type=more.pop("form", FORM), headers=headers, **more)

    return post


def bearer(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_a_token_does_what_its_key_does_under_its_name_and_limits(
    synced: SandboxProcess, cast: Cast, made: tuple[ApiKey, str], ask: Ask
) -> None:
    answer = ask()
    told = answer.json()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "orders:read orders:write")
    headers = {"Idempotency-Key": "token-0001"}
    client = bearer(told["access_token"])
    placed = client.post("/api/v1/orders", order_body("TOK-1"), content_type="application/json", headers=headers)
    assert placed.status_code == 201
    by_key = Client(headers={"Authorization": f"Api-Key {made[1]}", **headers})
    again = by_key.post("/api/v1/orders", order_body("TOK-1"), content_type="application/json")
    assert (again.json()["number"], again.headers["Idempotent-Replayed"]) == (placed.json()["number"], "true")
    assert client.get(f"/api/v1/orders/{placed.json()['number']}").status_code == 200
    assert ApiKey.objects.get(pk=made[0].pk).last_used_at is not None


def test_asking_for_a_token_counts_as_a_call_of_the_key(made: tuple[ApiKey, str], ask: Ask) -> None:
    policy = ApiPolicy.objects.create(name=f"strict {uuid.uuid4()}", rate_per_minute=1, burst=2)
    ApiKey.objects.filter(pk=made[0].pk).update(policy=policy)
    assert bearer(ask().json()["access_token"]).get("/api/v1/orders").status_code == 200
    refused = ask()
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_a_token_has_the_scopes_that_were_asked_for_and_none_that_the_key_lacks(
    made: tuple[ApiKey, str], ask: Ask
) -> None:
    reads = bearer(ask("grant_type=client_credentials&scope=orders:read").json()["access_token"])
    assert reads.get("/api/v1/orders").status_code == 200
    headers = {"Idempotency-Key": "token-0002"}
    refused = reads.post("/api/v1/orders", order_body("TOK-2"), content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    more = ask("grant_type=client_credentials&scope=orders:read+notes:read")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")
    forged = make_token(made[0], ["notes:read", "orders:read"])
    assert bearer(forged).get("/api/v1/accounts/HARBOR/notes").status_code == 403
    ApiKey.objects.filter(pk=made[0].pk).update(scopes=[])
    assert reads.get("/api/v1/orders").status_code == 403, "what the key lost, its tokens lost"


def test_a_token_ends_with_its_key_and_after_an_hour(
    cast: Cast, made: tuple[ApiKey, str], ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = bearer(ask().json()["access_token"])
    assert client.get("/api/v1/orders").status_code == 200
    real = signing.time.time
    with monkeypatch.context() as later:
        later.setattr(signing.time, "time", lambda: real() + 3601)
        assert client.get("/api/v1/orders").status_code == 401
    revoke_key(by=cast.colleague, account=cast.harbor, prefix=made[0].prefix)
    gone = client.get("/api/v1/orders")
    assert (gone.status_code, gone.json()["code"]) == (401, "authentication_failed")
    assert ask().json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("grant_type=password&username=admin@harbor.example&password=demo-portal-2026", "unsupported_grant_type"),
        ("grant_type=authorization_code&code=1", "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=1", "unsupported_grant_type"),
        ("response_type=token", "invalid_request"),
        ("", "invalid_request"),
    ],
)
def test_no_other_grant_is_taken(ask: Ask, body: str, error: str) -> None:
    answer = ask(body)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "access_token" not in answer.json()


def test_who_does_not_know_the_secret_gets_nothing(made: tuple[ApiKey, str], ask: Ask) -> None:
    name, _, secret = made[1].partition(".")
    for basic in ("", f"{name}:", f"{name}:{secret}x", f":{secret}", "no colon", f"{name}:{made[0].pk}"):
        answer = ask(basic=basic)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), basic
    assert ask(form="application/json").json()["error"] == "invalid_request"
    assert Client().get("/api/v1/token").status_code == 405
    in_form = ask(f"grant_type=client_credentials&client_id={name}&client_secret={secret}", basic="")
    assert in_form.status_code == 200
    token = in_form.json()["access_token"]
    assert secret not in token
    for wrong in (token[:-1], token + "x", made[1], ""):
        assert bearer(wrong).get("/api/v1/orders").status_code == 401
    with override_settings(SECRET_KEY="another-one"):
        assert bearer(token).get("/api/v1/orders").status_code == 401


def test_ranges_of_the_key_hold_for_its_tokens(cast: Cast) -> None:
    made, secret = make_key(
        by=cast.colleague, account=cast.harbor, name="Till", scopes=[Scope.ORDERS_READ], days=90,
        networks="203.0.113.0/24",
    )  # fmt: skip
    name, _, word = secret.partition(".")
    form = f"grant_type=client_credentials&client_id={name}&client_secret={word}"

    def asked(address: str) -> Any:
        return Client(REMOTE_ADDR=address).post("/api/v1/token", form, content_type=FORM).json()

    assert asked("198.51.100.1")["error"] == "unauthorized_client"
    client = bearer(asked("203.0.113.9")["access_token"])
    assert client.get("/api/v1/orders", REMOTE_ADDR="203.0.113.8").status_code == 200
    assert client.get("/api/v1/orders", REMOTE_ADDR="198.51.100.1").status_code == 403
    ApiKey.objects.filter(pk=made.pk).delete()
    assert client.get("/api/v1/orders", REMOTE_ADDR="203.0.113.8").status_code == 401
