"""Webhooks by API: of the key's own company, with the scope, the secret in one answer only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from distportal.accounts.models import Account, ApiKey, ApiPolicy
from distportal.events.models import IdempotencyKey
from distportal.webhooks.models import Delivery, Endpoint
from tests.webhooks.conftest import Make
from tests.webhooks.happening import fits, pay, send
from tests.webhooks.sink import Sink

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


def key_of(account: str, *, scope: str = "webhooks:admin", **more: Any) -> Call:
    owner = Account.objects.get(code=account) if account else None
    _, secret = ApiKey.objects.create_key(name=f"{account}{scope}", account=owner, scopes=[scope], **more)
    client = Client(headers={"Authorization": f"Api-Key {secret}"})

    def call(method: str, path: str = "", body: Any = None) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        return client.generic(method, f"/api/v1/webhooks{path}", sent, "application/json")

    return call


def test_a_system_looks_after_its_own_webhook(make: Make, sink: Sink) -> None:
    call = key_of("HARBOR")
    asked = {"name": "Till", "url": sink.url(), "event_types": ["remittance.recorded"]}
    made = call("POST", "", asked)
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    at, secret = f"/{made.json()['id']}", made.json()["secret"]
    assert call("POST", "", asked).status_code == 409
    assert not IdempotencyKey.objects.exists()
    assert secret not in call("GET").content.decode() + call("GET", at).content.decode()
    assert call("POST", f"{at}/test").json()["event_type"] == "webhook.ping"
    pay("T-1")
    send()
    assert [fits(one, secret) for one in sink.got] == [True, True]
    log = call("GET", f"{at}/deliveries").json()["results"]
    assert [(one["event_type"], one["state"]) for one in log] == [
        ("remittance.recorded", "delivered"), ("webhook.ping", "delivered"),
    ]  # fmt: skip
    assert call("POST", f"{at}/replay", {"delivery": log[0]["id"]}).json() == {"count": 1}
    assert call("POST", f"{at}/replay", {"since": log[1]["occurred_at"], "until": "2999-01-01T00:00:00Z"}).json() == {
        "count": 1
    }
    assert call("POST", f"{at}/replay", {"since": "2026-01-01T00:00:00Z"}).status_code == 400
    assert call("POST", f"{at}/replay", {"delivery": log[1]["id"]}).status_code == 404  # a test is no event
    send()
    assert len(sink.got) == 3
    changed = call("PATCH", at, {"name": "Other", "active": False}).json()
    assert (changed["name"], changed["url"], changed["state"], changed["off_reason"]) == (
        "Other", sink.url(), "disabled", "by_hand",
    )  # fmt: skip
    assert call("POST", f"{at}/secret").json()["secret"] != secret
    assert call("POST", f"{at}/secret").status_code == 409


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "https://10.0.0.1/", "https://169.254.169.254/"])
def test_a_private_address_is_refused(url: str, make: Make) -> None:
    answer = key_of("HARBOR")("POST", "", {"name": "x", "url": url, "event_types": ["order.accepted"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "address_refused")
    assert not Endpoint.objects.exists()


def test_strangers_and_keys_without_the_scope_find_nothing(make: Make, sink: Sink) -> None:
    row, _ = make()
    house, _ = make("/house", account=None)
    pay("T-1")
    send()
    message = Delivery.objects.filter(endpoint=row).get()
    for account, foreign in (("SUMMIT", row), ("SUMMIT", house), ("HARBOR", house), ("", row)):
        call, at = key_of(account), f"/{foreign.pk}"
        seen = [one["id"] for one in call("GET").json()["results"]]
        assert str(foreign.pk) not in seen
        assert call("GET", at).status_code == 404
        assert call("PATCH", at, {"active": False}).status_code == 404
        assert call("GET", f"{at}/deliveries").status_code == 404
        for what, body in (("secret", None), ("test", None), ("replay", {"delivery": message.pk})):
            assert call("POST", f"{at}/{what}", body).status_code == 404
    narrow = key_of("HARBOR", scope="orders:read")
    assert narrow("GET").status_code == 403
    policy = ApiPolicy.objects.create(name="no prices", hidden_fields=["unit_price"])
    blind = key_of("HARBOR", policy=policy)
    asked = {"name": "Till", "url": sink.url("/blind"), "event_types": ["order.accepted"]}
    assert blind("POST", "", asked).status_code == 403
    assert Endpoint.objects.count() == 2
    assert set(Endpoint.objects.values_list("state", flat=True)) == {"active"}
