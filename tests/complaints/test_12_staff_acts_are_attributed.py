"""Complaint 12, "staff acts not attributed" (portal complaint #21): whatever our people do in a dealer's portal carries
both names, the dealer reads it, and the dealer's own cart is as it was.
"""

from __future__ import annotations

import pghistory.models
import pytest
from django.utils import timezone

from distportal.accounts.models import Membership, Visit
from distportal.events.models import OutboxEvent
from orders.models import Draft, Order, OrderVersion
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.cart.form import page_of, submit
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
BOTH = "agent@northline.example on behalf of buyer@harbor.example"


def test_an_order_that_staff_place_says_who_and_for_whom(cast: Cast, synced: SandboxProcess) -> None:
    buyer, agent = signed_in(cast.buyer), signed_in(cast.agent)
    buyer.post("/cart/add/", {"sku": "FST-10001", "quantity": "7"})
    membership = Membership.objects.get(user=cast.buyer)
    agent.post(f"/dealers/people/{membership.pk}/", {"kind": "order", "reason": "called: out of bolts"})
    banner = agent.get("/cart/").content.decode()
    assert "You order on behalf of Bea Harbor, Harbor Hardware." in banner
    assert "Your cart is empty" in banner or "FST-10001" not in banner  # it is the agent's own
    agent.post("/cart/add/", {"sku": "FST-10002", "quantity": "100"})
    submit(agent, page_of(agent), po_number="TEL-1")

    order = Order.objects.get(po_number="TEL-1")
    assert (order.account, order.placed_by) == (cast.harbor, cast.agent)
    assert order.placed_name == "Ana Reyes on behalf of Bea Harbor"
    assert OrderVersion.objects.get(order=order, version=1).actor == BOTH
    assert set(OutboxEvent.objects.filter(aggregate_id=str(order.pk)).values_list("actor", flat=True)) == {BOTH}
    history = Order.pgh_event_model.objects.filter(pgh_obj_id=order.pk).first()  # type: ignore[attr-defined]
    context = pghistory.models.Context.objects.get(pk=history.pgh_context_id).metadata
    assert (context["actor"], context["on_behalf_of"], context["reason"]) == (
        BOTH, "buyer@harbor.example", "called: out of bolts",
    )  # fmt: skip

    page = buyer.get(f"/orders/{order.number}/").content.decode()
    assert "Ana Reyes on behalf of Bea Harbor" in page
    assert "placed on your behalf" in page
    story = buyer.get(f"/chain/{order.correlation_id}/").content.decode()
    assert "placed by Ana Reyes on behalf of Bea Harbor" in story
    mine = Draft.objects.get(user=cast.buyer, account=cast.harbor, order=None)
    assert [(line.item.sku, line.quantity) for line in mine.lines.all()] == [("FST-10001", 7)]

    log = signed_in(cast.colleague).get("/company/sign-ins/").content.decode()
    assert all(text in log for text in ("Ana Reyes", "Bea Harbor", "Order on behalf", "called: out of bolts"))
    assert "Ana Reyes" not in signed_in(cast.stranger).get("/").content.decode()

    Visit.objects.update(ends_at=timezone.now())
    assert agent.post("/cart/add/", {"sku": "FST-10001", "quantity": "9"}).status_code == 403, "a visit ends by itself"


def test_a_look_is_in_the_dealers_log_too_and_an_order_of_the_dealer_names_the_dealer_alone(
    cast: Cast, synced: SandboxProcess
) -> None:
    agent, buyer = signed_in(cast.agent), signed_in(cast.buyer)
    membership = Membership.objects.get(user=cast.buyer)
    agent.post(f"/dealers/people/{membership.pk}/", {"kind": "look", "reason": "cannot find an invoice"})
    agent.get("/invoices/")
    agent.post("/dealers/end/")
    assert "cannot find an invoice" in signed_in(cast.colleague).get("/company/sign-ins/").content.decode()
    buyer.post("/cart/add/", {"sku": "FST-10001", "quantity": "100"})
    submit(buyer, page_of(buyer), po_number="OWN-1")
    order = Order.objects.get(po_number="OWN-1")
    assert (order.placed_name, OrderVersion.objects.get(order=order, version=1).actor) == (
        "Bea Harbor", "buyer@harbor.example",
    )  # fmt: skip
