"""A newcomer's dealer pages have a story: each step of it is done once, as its person could have done it."""

from __future__ import annotations

import pytest

from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from distportal.threads.models import Message
from edi.management.demo_partners import play
from orders.management.demo_harbor import HELD, ORDERS, play_harbor
from orders.models import ApprovalRequest, Dispute, Order, Remittance, Return, ShoppingList
from orders.process.erp_feed import sync_erp
from orders.queries.questions import questions_of
from orders.seeds import seed_orders
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_the_story_is_told_once_and_every_state_has_an_order(cast: Cast, synced: SandboxProcess) -> None:
    seed_orders()
    play(database_now())
    play_harbor()
    work_until_idle()
    play_harbor()  # what waits for the ERP's word
    work_until_idle()
    for order in Order.objects.filter(account=cast.harbor, status="confirmed"):
        synced.ship(order.erp_number)
        synced.invoice(order.erp_number)
    sync_erp()
    for _ in range(2):
        play_harbor()  # what follows an invoice, once
    states = dict(Order.objects.filter(account=cast.harbor).values_list("po_number", "status"))
    assert states == {
        "HH-7001": "shipped", "HH-7003": "held", "HH-7004": "part_shipped", "HH-7005": "cancelled",
        "HH-7006": "shipped",
    }  # fmt: skip
    assert len(ORDERS) == 4
    held = Order.objects.get(po_number=HELD)
    assert sorted(question.code for question in questions_of(held)) == ["item_unknown", "price_differs"]
    assert Message.objects.count() == 2
    assert [row.state for row in ApprovalRequest.objects.all()] == ["asked"]
    assert ShoppingList.objects.get().lines.count() == 4
    assert Dispute.objects.get().amount_claimed > 0
    assert sorted(Return.objects.values_list("reference", "status")) == [
        ("RET-118", "approved"), ("RET-119", "requested"),
    ]  # fmt: skip
    assert Remittance.objects.get().lines.get().outcome == "paid"
    home = main_of(signed_in(cast.buyer).get("/").content.decode())
    assert "Your PO HH-7003 needs 2 answers." in home
