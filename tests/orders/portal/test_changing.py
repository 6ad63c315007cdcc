"""A dealer changes or cancels its own order in the portal: while it can be, with the reason when not, and once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.events.sweeper import work_until_idle
from orders.models import ChangeRequest, ErpCommand, Order
from orders.process.erp_feed import sync_erp
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.changes.conftest import erp_lines
from tests.orders.portal.conftest import placed_order, reload
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def ask(client: Client, order: Order, **form: str) -> str:
    form = {"token": str(uuid.uuid4()), **form}
    answer = client.post(f"/orders/{order.number}/change/ask/", form, follow=True)
    work_until_idle()
    reload(order)
    return str(answer.content.decode())


@pytest.fixture
def order(cast: Cast, synced: SandboxProcess, confirm: Callable[[Order], Order]) -> Order:
    return confirm(placed_order())


def test_less_of_a_line_none_of_another_and_another_day(cast: Cast, order: Order, synced: SandboxProcess) -> None:
    buyer, day = signed_in(cast.buyer), timezone.localdate() + dt.timedelta(days=40)
    page = buyer.get(f"/orders/{order.number}/change/").content.decode()
    assert "You can change or cancel until it leaves" in page
    said = ask(buyer, order, **{"quantity.1": "60", "drop.2": "1", "requested_on": day.isoformat()})
    assert "on its way" in said
    assert erp_lines(synced, order) == {"1": (60, 0)}
    assert (order.requested_on, ChangeRequest.objects.get().status) == (day, "applied")
    page = buyer.get(f"/orders/{order.number}/").content.decode()
    assert "Line 1: 100 → <b>60</b>" in page
    assert ChangeRequest.objects.get().asked_name == cast.buyer.name


def test_an_order_that_waits_is_changed_at_once(cast: Cast, synced: SandboxProcess) -> None:
    held = placed_order(("FST-10001", "100", "EA", "0.01"))
    buyer = signed_in(cast.buyer)
    assert "a change is made at once" in buyer.get(f"/orders/{held.number}/change/").content.decode()
    assert "Done: the order is as you asked" in ask(buyer, held, **{"quantity.1": "60"})
    assert (held.canonical["lines"][0]["quantity"], held.version) == ("60", 2)
    assert "Done" in ask(buyer, held, cancel="1")
    assert (held.status, ErpCommand.objects.count()) == ("cancelled", 0)


def test_what_cannot_be_is_refused_with_the_reason(cast: Cast, order: Order) -> None:
    buyer, past = signed_in(cast.buyer), timezone.localdate() - dt.timedelta(days=3)
    for form, reason in (
        ({"quantity.1": "101"}, "to order more, place another order"),
        ({"quantity.9": "1"}, "the order has no line 9"),
        ({"quantity.1": "100"}, "nothing would change"),
        ({}, "nothing would change"),
        ({"quantity.1": "ten"}, "cannot be read"),
        ({"quantity.1": "-1"}, "cannot be read"),
        ({"quantity.1": "NaN"}, "cannot be read"),
        ({"requested_on": "soon"}, "cannot be read"),
        ({"requested_on": past.isoformat()}, "has passed"),
        ({"token": "x", "quantity.1": "1"}, "cannot be read"),
    ):
        assert reason in ask(buyer, order, **form), form
    assert not ChangeRequest.objects.exists()


def test_what_left_closes_the_window_and_says_so(cast: Cast, order: Order, synced: SandboxProcess) -> None:
    synced.ship(order.erp_number)
    sync_erp()
    buyer = signed_in(cast.buyer)
    page = buyer.get(f"/orders/{reload(order).number}/change/").content.decode()
    assert "Everything has left. A change is not possible any more" in page
    assert "<button" not in main_of(page)
    assert "Change or cancel</a>" not in buyer.get(f"/orders/{order.number}/").content.decode()
    assert "Everything has left" in ask(buyer, order, cancel="1")
    assert not ChangeRequest.objects.exists()


def test_of_a_part_shipped_order_only_the_rest_can_go(cast: Cast, part_shipped: Order, synced: SandboxProcess) -> None:
    buyer, line = signed_in(cast.buyer), part_shipped.lines.get(line_no="1")
    page = buyer.get(f"/orders/{part_shipped.number}/change/").content.decode()
    assert "Part of it has left" in page
    assert 'name="quantity.2"' not in page
    assert "have left already" in ask(buyer, part_shipped, **{"quantity.1": str(line.shipped_quantity - 1)})
    ask(buyer, part_shipped, cancel="1")
    assert part_shipped.status == "shipped"
    assert erp_lines(synced, part_shipped)["1"] == (int(line.shipped_quantity), int(line.shipped_quantity))


def test_strangers_get_404_and_viewers_are_told(cast: Cast, order: Order) -> None:
    stranger = signed_in(cast.stranger)
    assert stranger.get(f"/orders/{order.number}/change/").status_code == 404
    assert stranger.post(f"/orders/{order.number}/change/ask/", {"cancel": "1"}).status_code == 404
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    assert signed_in(cast.buyer).post(f"/orders/{order.number}/change/ask/", {"cancel": "1"}).status_code == 403
    assert not ChangeRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_asks_the_erp_once(cast: Cast, order: Order, synced: SandboxProcess) -> None:
    form = {"token": str(uuid.uuid4()), "quantity.1": "60"}

    def send() -> int:
        return signed_in(cast.buyer).post(f"/orders/{order.number}/change/ask/", form).status_code

    assert at_once(send, send, send) == [302, 302, 302]
    work_until_idle()
    assert (ChangeRequest.objects.count(), ErpCommand.objects.filter(kind="change").count()) == (1, 1)
    asked = [r for r in synced.ledger(f"NL-{order.number}") if r["path"].endswith("/change")]
    assert len(asked) == 1
    assert erp_lines(synced, order)["1"] == (60, 0)
