"""What callers and people meet at each level of pressure, and what nobody ever loses."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from distportal.accounts.models import User
from distportal.events.choices import Level
from distportal.events.models import IdempotencyKey
from edi.process.mailboxes import poll_mailboxes
from orders.models import Order
from tests.api.conftest import Caller, order_body
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
Press = Callable[[Level], None]
ABOVE_NORMAL = (Level.SLOW, Level.SHED, Level.PROTECT)


def test_catalogue_reads_are_put_off_with_the_time_to_come_back(
    synced: SandboxProcess, caller: Callable[..., Caller], press: Press
) -> None:
    client = caller("HARBOR")
    for level, seconds in zip(ABOVE_NORMAL, ("30", "60", "60"), strict=True):
        press(level)
        for path in ("items", "items/FST-10001"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (429, seconds)
            assert answer.headers["Content-Type"] == "application/problem+json"
        for path in ("prices", "availability"):
            assert client.get(path, sku="FST-10001").status_code == 200
    press(Level.NORMAL)
    assert client.get("items").status_code == 200


def test_orders_are_taken_until_the_last_level_and_refused_without_a_trace(
    synced: SandboxProcess, caller: Callable[..., Caller], press: Press
) -> None:
    crm = caller()
    for level in (Level.SLOW, Level.SHED):
        press(level)
        assert crm.place(order_body(f"P-{level}"), key=f"pressed-{level}").status_code == 201
    press(Level.PROTECT)
    refused = crm.place(order_body("P-3"), key="pressed-3")
    assert (refused.status_code, refused.json()["code"]) == (503, "takes_no_orders")
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (Order.objects.count(), IdempotencyKey.objects.filter(key="pressed-3").count()) == (2, 0)
    press(Level.NORMAL)
    assert crm.place(order_body("P-3"), key="pressed-3").status_code == 201


def test_a_database_that_goes_away_is_said_as_such(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    crm = caller()
    with patch("orders.api.views.place_order", side_effect=OperationalError("the server closed the connection")):
        answer = crm.place(order_body("P-4"), key="pressed-4")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "database_away", "60")


def test_nothing_is_taken_by_as2_or_from_mailboxes_at_the_last_level(press: Press) -> None:
    press(Level.PROTECT)
    headers = {"AS2-From": "A", "AS2-To": "B", "Message-ID": "<1@a>"}
    answer = Client().post("/as2", b"x", content_type="application/edi-x12", headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert b"Nothing was kept" in answer.content
    assert poll_mailboxes() == 0


def test_people_see_pages_at_every_level_and_a_note_where_it_changes_something(
    synced: SandboxProcess, cast: Cast, press: Press
) -> None:
    dealer, agent = signed_in(cast.buyer), signed_in(cast.agent)
    operator = signed_in(User.objects.get(email="operator@northline.example"))
    for level in Level:
        press(level)
        pages = {path: dealer.get(path).content.decode() for path in ("/catalogue/", "/orders/", "/cart/")}
        assert ("busier than usual" in pages["/catalogue/"]) is (level == Level.SHED)
        assert ("family=Fasteners" in pages["/catalogue/"]) is (level < Level.SHED)
        assert ("cannot take new orders" in pages["/cart/"]) is (level == Level.PROTECT)
        assert "busier" not in pages["/orders/"] + pages["/cart/"]
        assert agent.get("/desk/").status_code == 200
        assert Client().get("/accounts/login/").status_code == 200
        shown = operator.get("/connections/").content.decode()
        assert ("the test says so" in shown) is (level > Level.NORMAL)
