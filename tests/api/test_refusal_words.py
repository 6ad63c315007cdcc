"""What an integrator reads of a refusal: what happened, that nothing was done, what to send instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from distportal.accounts.models import ApiKey, ApiPolicy
from distportal.events.choices import Level
from orders.models import Order
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/orders"


@pytest.fixture
def dealer(caller: Callable[..., Caller]) -> Caller:
    return caller("HARBOR")


def told(answer: Any) -> tuple[int, str, str]:
    """Status, its words and the sentence."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["title"], answer.json()["detail"]


def test_who_names_no_key_or_one_without_the_scope_is_told_what_to_send(caller: Callable[..., Caller]) -> None:
    assert told(Client().get(ORDERS)) == (
        401, "Unauthorized",
        "Nothing says who calls. Send Authorization: Api-Key <prefix>.<secret>, or Bearer <token>. Nothing was done.",
    )  # fmt: skip
    assert told(caller("HARBOR").get("invoices")) == (
        403, "Forbidden",
        "This call needs the scope invoices:read, which the key or token does not have. Nothing was done.",
    )  # fmt: skip


def test_a_call_that_fits_no_address_names_what_fits(dealer: Caller) -> None:
    http = dealer._http
    assert told(http.delete(ORDERS)) == (
        405, "Method Not Allowed", "This address takes GET and POST, not DELETE. Nothing was done.",
    )  # fmt: skip
    heads = {"Idempotency-Key": "a-key-of-its-own"}
    assert told(http.post(ORDERS, b"<a/>", content_type="application/xml", headers=heads)) == (
        415, "Unsupported Media Type", "This call reads application/json, not application/xml. Nothing was done.",
    )  # fmt: skip
    status, _, words = told(http.post(ORDERS, b"{", content_type="application/json", headers=heads))
    assert (status, words[:42], words[-20:]) == (
        400, "The body cannot be read (JSON parse error ", "). Nothing was done.",
    )  # fmt: skip
    assert told(dealer.get("orders", cursor="none of ours")) == (
        404, "Not Found", "This cursor is none of ours. Begin without one, and follow `next` as it is.",
    )  # fmt: skip
    assert not Order.objects.exists()


def test_a_call_that_is_put_off_says_whether_it_is_the_key_or_everybody(
    dealer: Caller, press: Callable[[Level], None]
) -> None:
    press(Level.SLOW)
    status, _, words = told(dealer.get("items"))
    assert (status, words) == (
        429,
        "The portal has more to do than it can and puts this kind of call off, whoever makes it. Nothing was done; "
        "ask again in 30 s.",
    )
    press(Level.NORMAL)
    policy = ApiPolicy.objects.create(name="one at once", rate_per_minute=2, burst=1)
    ApiKey.objects.update(policy=policy)
    assert dealer.get("orders").status_code == 200
    status, _, words = told(dealer.get("orders"))
    assert (status, words[:66]) == (429, "This key may make 2 calls a minute. Nothing was done; ask again in")


def test_a_quota_that_is_used_up_names_the_day(dealer: Caller) -> None:
    policy = ApiPolicy.objects.create(name="one a day", daily_quota=1)
    ApiKey.objects.update(policy=policy)
    assert dealer.get("orders").status_code == 200
    status, _, words = told(dealer.get("orders"))
    assert (status, words[:88]) == (
        429, "This key's calls of the day are used up (1); days end at midnight UTC. Nothing was done;",
    )  # fmt: skip
