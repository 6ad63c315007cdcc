"""The connections page: what operators see of the ERP, and the switches they have."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from distportal.accounts.models import User
from distportal.events.models import PausedKind
from distportal.events.sweeper import work_until_idle
from inventory.process.sync import JOBS, sync_feed
from orders.models import ErpCommand
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
PAGE = "/connections/"


def operator() -> User:
    return User.objects.get(email="operator@northline.example")


def test_the_page_tells_calls_feeds_commands_and_lanes_in_a_fixed_number_of_queries(
    synced: SandboxProcess, django_assert_max_num_queries: object
) -> None:
    for kind in JOBS:
        sync_feed(kind=kind)
    client = signed_in(operator())
    with django_assert_max_num_queries(31):  # type: ignore[operator]
        context = client.get(PAGE).context
    [erp] = context["connections"]
    assert (erp.word, erp.failed, erp.shared.resting) == ("active", 0, ())
    assert erp.calls >= 4
    assert {feed.kind: feed.word for feed in context["feeds"]}["stock"] == "active"
    assert [row.count for row in context["commands"]] == [0, 0, 0, 0]


def test_orders_wait_while_the_erp_flow_rests_and_reach_it_once_when_it_goes_on(synced: SandboxProcess) -> None:
    client = signed_in(operator())
    form = {"kind": "orders.send_command", "action": "pause", "reason": "month-end close"}
    client.post(reverse("switch_flow"), form)
    order = place_order(
        order=asked(("FST-10001", "10", "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}"), source_key=f"t:{uuid.uuid4()}"
    ).order
    work_until_idle()
    command = ErpCommand.objects.get(order=order)
    assert (command.state, command.attempts) == ("pending", 0)
    assert synced.orders(command.order_key) == []
    assert b"month-end close" in client.get(PAGE).content
    client.post(reverse("switch_flow"), {**form, "action": "resume", "reason": "closed"})
    work_until_idle()
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert len(synced.orders(command.order_key)) == 1


def test_only_operators_may_look_and_switch(cast: Cast) -> None:
    for user in (cast.agent, cast.finance, cast.buyer):
        client = signed_in(user)
        assert client.get(PAGE).status_code == 403
        assert client.post(reverse("switch_flow"), {"kind": "orders.send_command", "reason": "x"}).status_code == 403
    assert not PausedKind.objects.exists()
