"""What dealers are told of their orders, deliveries and money, from the real events to the words."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from distportal.accounts.models import User
from distportal.events.models import OutboxEvent
from distportal.events.sweeper import work_until_idle
from distportal.notices.inbox import notices_of, shown
from distportal.notices.models import Notice
from orders.choices import DisputeReason, RootCause
from orders.models import Invoice, Order
from orders.process.dispute_deciding import approve_dispute
from orders.process.disputes import Claim, open_dispute
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.process.overdue import watch_overdue
from tests.conftest import Cast
from tests.days import ahead
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def read_by(user: User) -> list[str]:
    return [one.sentence for one in reversed(shown(list(notices_of(user))))]


def kinds_of(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def billed(cast: Cast, synced: SandboxProcess) -> Order:
    order = place_order(order=asked(("FST-10001", "10", "EA", None)), source_key="t:1", placed_by=cast.buyer).order
    work_until_idle()
    order.refresh_from_db()
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    work_until_idle()
    return order


def test_who_placed_an_order_hears_of_it_and_who_pays_of_the_invoice(cast: Cast, synced: SandboxProcess) -> None:
    order = billed(cast, synced)
    invoice = Invoice.objects.get()
    assert read_by(cast.buyer) == [
        f"Order {order} (PO PO-1) is accepted and on its way",
        f"Goods of order {order} (PO PO-1) have left",
    ]
    assert kinds_of(cast.colleague) == ["invoice.issued"]
    assert invoice.number in read_by(cast.colleague)[0]
    assert read_by(cast.stranger) == []
    assert Notice.objects.filter(user__in=(cast.agent, cast.finance)).count() == 0


def test_a_held_order_of_a_system_is_told_to_all_who_order_with_the_reason(cast: Cast, synced: SandboxProcess) -> None:
    order = place_order(order=asked(("NO-SUCH", "10", "EA", None), channel="edi"), source_key="t:1").order
    work_until_idle()
    assert order.status == "held"
    assert kinds_of(cast.buyer) == kinds_of(cast.colleague) == ["order.held"]
    assert "NO-SUCH" in Notice.objects.filter(user=cast.buyer).get().facts["why"]


def test_an_overdue_invoice_is_told_once_and_a_paid_or_old_one_never(cast: Cast, synced: SandboxProcess) -> None:
    billed(cast, synced)
    assert watch_overdue() == 0
    today = ahead()
    Invoice.objects.update(due_on=today - dt.timedelta(days=400))
    assert watch_overdue() == 0
    Invoice.objects.update(due_on=today - dt.timedelta(days=1))
    assert [watch_overdue(), watch_overdue()] == [1, 0]
    work_until_idle()
    assert kinds_of(cast.colleague) == ["invoice.issued", "invoice.overdue"]
    invoice = Invoice.objects.get()
    assert f"Invoice {invoice.number} was due on" in read_by(cast.colleague)[-1]
    assert OutboxEvent.objects.filter(type="invoice.overdue").count() == 1


def test_who_disputed_hears_our_answer_with_its_reason(cast: Cast, synced: SandboxProcess) -> None:
    billed(cast, synced)
    invoice = Invoice.objects.get()
    claim = Claim(invoice_line_id=invoice.lines.get().pk, quantity=Decimal(1), amount=Decimal("1.00"))
    dispute = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE, claims=[claim],
        note="", user=cast.buyer,
    )  # fmt: skip
    for person in (cast.finance, cast.finance2):
        approve_dispute(
            dispute_id=dispute.pk, amount=Decimal("0.50"), root_cause=RootCause.OTHER, reason="half", user=person
        )
    work_until_idle()
    assert kinds_of(cast.buyer)[-1] == "dispute.answered"
    facts = Notice.objects.filter(kind="dispute.answered").get().facts
    assert (facts["answer"], facts["agreed"], facts["why"]) == ("Approved, credit requested", "$0.50", "half")
