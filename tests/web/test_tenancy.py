"""Strangers: another dealer's people see nothing of an account, and get the same answer as for what does not exist."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.test import Client

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.events.sweeper import work_until_idle
from orders.choices import DisputeReason
from orders.models import Dispute, Draft, Invoice, Order
from orders.process.disputes import Claim, open_dispute
from orders.process.drafts import add_to_draft, open_draft
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(cast: Cast, synced: SandboxProcess) -> Dispute:
    """Harbor's order was billed and is disputed."""
    order = place_order(order=asked(("FST-10001", "10", "EA", None), po="PO-1"), source_key="t:1").order
    work_until_idle()
    order.refresh_from_db()
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    invoice = Invoice.objects.get(order=order)
    claim = Claim(invoice_line_id=invoice.lines.get().pk, quantity=Decimal(10), amount=Decimal("1.00"))
    return open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE, claims=[claim],
        note="", user=cast.buyer,
    )  # fmt: skip


def addresses(dispute: Dispute) -> list[str]:
    order = dispute.invoice.order
    assert order
    return [
        f"/orders/{order.number}/",
        f"/invoices/{dispute.invoice.number}/",
        f"/disputes/{dispute.number}/",
        f"/chain/{order.correlation_id}/",
    ]


def test_a_stranger_finds_nothing_where_colleagues_and_staff_find_all(cast: Cast, dispute: Dispute) -> None:
    for address in addresses(dispute):
        answers = {
            who: signed_in(user).get(address).status_code
            for who, user in (("stranger", cast.stranger), ("colleague", cast.colleague), ("agent", cast.agent))
        }
        assert answers == {"stranger": 404, "colleague": 200, "agent": 200}, address
        assert Client().get(address).status_code == 302


def test_a_strangers_lists_are_empty(cast: Cast, dispute: Dispute) -> None:
    stranger = signed_in(cast.stranger)
    for address in ("/", "/orders/?view=all", "/orders/?view=all&q=PO-1", "/invoices/"):
        page = stranger.get(address).content.decode()
        assert dispute.invoice.number not in page
        assert "PO-1<" not in page


def test_a_stranger_cannot_dispute_or_place_for_others(cast: Cast, dispute: Dispute) -> None:
    stranger, line = signed_in(cast.stranger), dispute.invoice.lines.get()
    form = {"token": str(uuid.uuid4()), "reason": "price", f"amount.{line.pk}": "1.00"}
    assert stranger.post(f"/invoices/{dispute.invoice.number}/dispute/", form).status_code == 404
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    add_to_draft(draft=draft, item=line.item, quantity=Decimal(1), unit="EA")  # type: ignore[arg-type]
    own = stranger.get("/cart/")
    place = own.context["form"].fields["ship_to"].queryset.get()
    stranger.post("/cart/place/", {"token": str(draft.pk), "ship_to": place.pk, "po_number": "STOLEN"})
    assert Draft.objects.get(pk=draft.pk).order is None
    assert not Order.objects.filter(po_number="STOLEN").exists()
    assert Dispute.objects.count() == 1


def test_a_ship_to_of_another_account_is_not_taken(cast: Cast, dispute: Dispute) -> None:
    buyer, line = signed_in(cast.buyer), dispute.invoice.lines.get()
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    add_to_draft(draft=draft, item=line.item, quantity=Decimal(1), unit="EA")  # type: ignore[arg-type]
    foreign = cast.stranger.memberships.get().account.ship_tos.get()
    buyer.post("/cart/place/", {"token": str(draft.pk), "ship_to": foreign.pk, "po_number": "PO-2"})
    assert not Order.objects.filter(po_number="PO-2").exists()


def test_a_viewer_reads_but_neither_orders_nor_disputes(cast: Cast, dispute: Dispute) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    viewer = signed_in(cast.buyer)
    assert viewer.get(f"/invoices/{dispute.invoice.number}/").status_code == 200
    assert viewer.get("/cart/").status_code == 403
    assert viewer.post("/cart/add/", {"sku": "FST-10001", "quantity": "1"}).status_code == 403
    assert viewer.post(f"/invoices/{dispute.invoice.number}/dispute/", {}).status_code == 403


def test_the_back_office_is_finances_alone(cast: Cast, dispute: Dispute) -> None:
    change = f"/admin/orders/dispute/{dispute.pk}/change/"
    assert signed_in(cast.finance).get(change).status_code == 200
    assert signed_in(cast.agent).get(change).status_code == 403
    assert signed_in(cast.buyer).get(change).status_code in (302, 403)
    for path in ("approve", "reject"):
        address = f"/admin/orders/dispute/{dispute.pk}/{path}/"
        form = {"amount": "1.00", "root_cause": "other", "reason": "mine", "_form_submitted": "on"}
        assert signed_in(cast.agent).post(address, form).status_code == 403
    dispute.refresh_from_db()
    assert dispute.status == "submitted"
