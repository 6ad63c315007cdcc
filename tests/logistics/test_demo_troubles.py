"""What goes wrong in the demo goes wrong once, and stands where the people it is for would look."""

from __future__ import annotations

from pathlib import Path

import pytest

from distportal.accounts.models import User
from distportal.events.effects import MAX_ATTEMPTS
from distportal.events.models import OutboxDelivery
from distportal.events.sweeper import work_until_idle
from distportal.management.demo_programs import OVERBILLED, UNKNOWN_TO_CRM
from distportal.systems.models import LogisticsConnection
from distportal.systems.seeds import seed_logistics
from distportal.webhooks.seeds import PAYMENTS
from distportal.webhooks.senders import Signing, make_sender
from edi.management.demo_troubles import SHORT_PAID_PO, SILENT, TRACE, play_troubles
from edi.models import MailboxLink
from edi.process.mailboxes import poll_mailboxes
from edi.seeds import seed_edi
from exceptions.models import Case
from orders.management.demo_disputes import NEW_YARD_PO, play_disputes
from orders.models import Dispute, DisputeLetter, ErpCommand, InvoiceFinding, Order, Remittance
from orders.process.erp_feed import sync_erp
from orders.seeds import seed_orders
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def look_around(erp: SandboxProcess) -> None:
    """The partners act, and the portal and the ERP follow."""
    play_disputes()
    play_troubles()
    poll_mailboxes()
    work_until_idle()
    for order in Order.objects.filter(status="confirmed").exclude(erp_number=""):
        erp.ship(order.erp_number)
        erp.invoice(order.erp_number)
    sync_erp()
    work_until_idle()


def test_each_trouble_comes_once_and_stands_where_people_look(
    cast: Cast, synced: SandboxProcess, edi_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi.process.sightings.QUIET_SECONDS", 0.0)
    monkeypatch.setattr("distportal.events.effects.backoff", lambda attempt: 0.0)
    for name in ("WMS_TOKEN", "TMS_TOKEN", "TMS_WEBHOOK_SECRET", "CRM_TOKEN"):
        monkeypatch.setenv(name, synced.token)
    seed_logistics(sandbox_url=synced.url)
    LogisticsConnection.objects.exclude(role="crm").update(active=False)  # the ERP's own floor ships here
    seed_orders()
    seed_edi()
    operator = User.objects.get(email="operator@northline.example")
    make_sender(by=operator, name=PAYMENTS, title="Payment provider", kind="payment", signing=Signing())
    synced.configure(overbilled=",".join(OVERBILLED), crm_without=UNKNOWN_TO_CRM)
    try:
        for _ in range(3):
            look_around(synced)
    finally:
        synced.configure(overbilled="", crm_without="")
    findings = {one.invoice.order.po_number: one for one in InvoiceFinding.objects.select_related("invoice__order")}  # type: ignore[union-attr]
    assert {po: one.state for po, one in findings.items()} == {OVERBILLED[0]: "open", OVERBILLED[1]: "accepted"}
    assert sorted(DisputeLetter.objects.values_list("kind", flat=True)) == ["denial", "own"]
    assert Remittance.objects.get(trace=TRACE).lines.get().outcome == "short"
    claims = Dispute.objects.exclude(invoice__order__po_number__in=OVERBILLED)
    assert dict(claims.values_list("invoice__order__po_number", "status")) == {
        "SS-7105": "rejected", SHORT_PAID_PO: "submitted",
    }  # fmt: skip
    refused = ErpCommand.objects.get(order__po_number=NEW_YARD_PO)
    assert (refused.state, Case.objects.get(kind="erp.refused").subject_id) == ("rejected", str(refused.pk))
    dead = Case.objects.filter(kind="dead.job")
    assert {case.account.code for case in dead if case.account} == {UNKNOWN_TO_CRM}
    assert dead.count() >= 3, "three at one place are an incident"
    [event] = Case.objects.filter(kind="dead.delivery")
    assert event.sentence == "orders.promises was given up: KeyError: 'demands'"
    assert set(OutboxDelivery.objects.filter(state="dead").values_list("destination", "attempts")) == {
        ("orders.promises", MAX_ATTEMPTS)
    }  # fmt: skip
    for kind in ("edi.unreadable_file", "webhook.received", "invoice.differs"):
        assert Case.objects.filter(kind=kind, status__in=("new", "claimed")).count() == 1, kind
    assert MailboxLink.objects.get(mailbox__partner__code=SILENT[0], direction="in").failures >= 1
