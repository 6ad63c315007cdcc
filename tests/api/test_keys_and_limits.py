"""Who may call from where, how often, and what they are told: policies are data and hold for all processes together."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import yaml
from django.test import Client, override_settings
from django.utils import timezone
from redis.exceptions import RedisError

from distportal.accounts.choices import Scope
from distportal.accounts.keys import make_key, replace_key
from distportal.accounts.models import ApiKey, ApiPolicy
from distportal.accounts.networks import clean_networks, covers
from distportal.common.errors import Invalid
from distportal.systems.limits.shared import forget_absence
from distportal.web.api.document import current_document
from distportal.web.api.endings import ENDINGS, Ending
from distportal.web.api.limiting import take_call
from distportal.web.api.rendering import without
from orders.models import Order
from tests.api.conftest import Caller, order_body
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(cast: Cast) -> ApiKey:
    """A key of Harbor that goes by a strict policy; its name is its own, so that no other test counts with it."""
    policy = ApiPolicy.objects.create(name=f"strict {uuid.uuid4()}", rate_per_minute=1, burst=4)
    made, made_key_secret = make_key(
        by=cast.colleague, account=cast.harbor, name="Till", scopes=[Scope.ORDERS_READ, Scope.ORDERS_WRITE], days=90
    )
    ApiKey.objects.filter(pk=made.pk).update(policy=policy)
    made.refresh_from_db()
    made.secret = made_key_secret  # type: ignore[attr-defined]
    return made


def test_eight_calls_at_once_get_the_burst_and_no_more(key: ApiKey) -> None:
    policy = key.policy
    assert policy is not None
    waits = at_once(*[lambda: take_call(key).wait] * 8)
    assert sum(wait == 0 for wait in waits) == 4
    assert all(wait > 0 for wait in sorted(waits)[4:])


def test_what_is_left_is_told_and_above_it_the_call_is_refused(key: ApiKey) -> None:
    till = Caller(key.secret)  # type: ignore[attr-defined]
    answers = [till.get("orders") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["3", "2", "1", "0", "0"]
    last = answers[-1]
    assert (last.json()["code"], last.headers["Content-Type"]) == ("throttled", "application/problem+json")
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert {answer.headers["API-Version"] for answer in answers} == {"1.0.0"}


def test_a_quota_ends_for_the_day_and_the_replaced_key_does_not_begin_it_anew(cast: Cast, key: ApiKey) -> None:
    ApiPolicy.objects.filter(pk=key.policy_id).update(burst=100, daily_quota=2)
    key.refresh_from_db()
    assert [take_call(key).wait for _ in range(2)] == [0, 0]
    new, _ = replace_key(by=cast.colleague, account=cast.harbor, prefix=key.prefix)
    new.refresh_from_db()
    assert (new.identity, new.policy_id) == (key.prefix, key.policy_id)
    assert take_call(new).wait > 0, "until the day is over, however late it is"


def test_without_redis_there_is_still_a_limit(key: ApiKey, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise RedisError("gone")

    monkeypatch.setattr("distportal.systems.limits.shared.cache_redis", away)
    try:
        waits = [take_call(key).wait for _ in range(6)]
    finally:
        forget_absence()
    assert waits[0] == 0
    assert all(wait > 0 for wait in waits[1:])


def test_a_replaced_key_knows_what_was_done_with_the_old_one(synced: SandboxProcess, cast: Cast, key: ApiKey) -> None:
    old = Caller(key.secret)  # type: ignore[attr-defined]
    first = old.place(order_body("API-1"), key="once-0001")
    _, secret = replace_key(by=cast.colleague, account=cast.harbor, prefix=key.prefix)
    again = Caller(secret).place(order_body("API-1"), key="once-0001")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.json()["number"] == first.json()["number"]
    assert Order.objects.count() == 1


def test_a_key_opens_nothing_from_elsewhere_whatever_the_caller_claims(cast: Cast) -> None:
    made, secret = make_key(
        by=cast.colleague, account=cast.harbor, name="Till", scopes=[Scope.ORDERS_READ], days=90,
        networks="203.0.113.0/24, 2001:db8::/48",
    )  # fmt: skip
    assert made.networks == "203.0.113.0/24 2001:db8::/48"
    http = Client(headers={"Authorization": f"Api-Key {secret}"})

    def asked(address: str, claimed: str = "") -> int:
        headers = {"X-Forwarded-For": claimed} if claimed else {}
        return http.get("/api/v1/orders", headers=headers, REMOTE_ADDR=address).status_code

    assert [asked(one) for one in ("203.0.113.9", "2001:db8::7", "203.0.114.9")] == [200, 200, 403]
    assert asked("198.51.100.1", claimed="203.0.113.9") == 403
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert asked("10.0.0.1", claimed="198.51.100.1, 203.0.113.9") == 200
        assert asked("10.0.0.1", claimed="203.0.113.9, 198.51.100.1") == 403, "the last one is our proxy's"


@pytest.mark.parametrize("text", ["203.0.113.7/24", "anywhere", "10.0.0.0/8 " * 21])
def test_ranges_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clean_networks(text)
    assert not covers("10.0.0.0/8", "not an address")
    assert covers("10.0.0.0/8", "::ffff:10.1.2.3")


def test_a_policy_leaves_fields_out_and_its_changes_are_kept_with_who_made_them(
    synced: SandboxProcess, cast: Cast, key: ApiKey
) -> None:
    till = Caller(key.secret)  # type: ignore[attr-defined]
    till.place(order_body("API-1"), key="once-0001")
    cast.agent.is_superuser = True
    cast.agent.save()
    page = f"/admin/accounts/apipolicy/{key.policy_id}/change/"
    form = {"name": "Marketplace", "rate_per_minute": "60", "burst": "50", "hidden_fields": "total,unit_price,amount"}
    assert signed_in(cast.agent).post(page, form).status_code == 302
    [row] = till.get("orders").json()["results"]
    assert "total" not in row
    assert row["po_number"] == "API-1"
    told = till.get(f"orders/{row['number']}").json()
    assert {"total", "unit_price", "amount"}.isdisjoint({*told, *told["lines"][0]})
    assert till.get("orders/SO-1").json()["code"] == "not_found"
    history = ApiPolicy.pgh_event_model.objects.filter(pgh_obj_id=key.policy_id).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.burst for event in history] == [4, 50]
    assert history[1].pgh_context.metadata["actor"] == cast.agent.email
    assert without([{"a": 1, "b": {"a": 2, "c": 3}}], {"a"}) == [{"b": {"c": 3}}]


def test_an_endpoint_that_ends_says_so(cast: Cast, key: ApiKey, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = timezone.now().replace(microsecond=0) + dt.timedelta(days=180)
    told = Ending(deprecated_at=ends - dt.timedelta(days=180), sunset_at=ends, link="https://portal.example/api")
    monkeypatch.setitem(ENDINGS, "api_orders", told)
    till = Caller(key.secret)  # type: ignore[attr-defined]
    headers = till.get("orders").headers
    assert headers["Deprecation"] == f"@{int(told.deprecated_at.timestamp())}"
    assert headers["Sunset"] == f"{ends.astimezone(dt.UTC):%a, %d %b %Y %H:%M:%S} GMT"
    assert headers["Link"] == '<https://portal.example/api>; rel="sunset"'
    assert "Sunset" not in till.get("orders/SO-1").headers
    paths = yaml.safe_load(Client().get("/api/v1/schema").content)["paths"]
    ended = {path for path, calls in paths.items() for call in calls.values() if call.get("deprecated")}
    assert ended == {"/api/v1/orders"}
    current_document.cache_clear()
    try:
        page = signed_in(cast.buyer).get("/api/reference/").content.decode()
    finally:
        current_document.cache_clear()
    assert page.count("Goes away") == 2, "its GET and its POST"
    with pytest.raises(ValueError, match="180 days after"):
        Ending(deprecated_at=ends, sunset_at=ends + dt.timedelta(days=179), link="")
