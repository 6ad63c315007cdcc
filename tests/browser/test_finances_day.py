"""Finance's day in a real browser: a claim from the dealer's form to the closed dispute, by two persons; a claim that
is split; a credit that is taken back.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from distportal.canonical.tracking import DeliveryProof
from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.choices import DisputeReason
from orders.models import ApprovalLimit, Dispute, ErpCommand, Invoice
from orders.process.disputes import Claim, open_dispute
from orders.process.erp_feed import sync_erp
from orders.process.proofs import record_proof
from tests.browser.company import bill, order_by
from tests.browser.conftest import LOOKS
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SignedIn = Callable[..., Page]


def press(page: Page, row: Dispute, step: str, *, submit: bool = True, **fields: str) -> None:
    """One of the buttons of a dispute's page, with its dialog filled in."""
    page.goto(f"/admin/orders/dispute/{row.pk}/change/")
    # The theme's links begin with the name of their icon.
    button = page.locator("a:visible", has_text=re.compile(rf"\b{step}\b"))
    if not button.count():
        page.locator("a:visible", has_text=re.compile(r"\bMore\b")).click()
    button.first.click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible(timeout=60_000)
    for name, value in fields.items():
        field = dialog.locator(f"[name={name}]")
        if name == "root_cause":
            field.select_option(value)
        else:
            field.fill(value)
    if submit:
        dialog.locator("button[type=submit]").click()


def state(page: Page, row: Dispute, words: str, status: str) -> None:
    """The page says what was done, and so do the books."""
    expect(page.get_by_text(re.compile(f"{row}: {words}")).first).to_be_visible(timeout=60_000)
    row.refresh_from_db()
    assert row.status == status


def erp_books(erp: SandboxProcess, row: Dispute, kind: str) -> None:
    """The ERP's people post what was asked of them; we read it."""
    work_until_idle()
    erp.approve_credit(ErpCommand.objects.filter(dispute=row, kind=kind).latest("requested_at").order_key)
    sync_erp()
    work_until_idle()
    row.refresh_from_db()


def claimed(cast: Cast, invoice: Invoice, position: int, amount: str) -> Dispute:
    """A claim of the dealer on one line."""
    line = invoice.lines.get(position=position)
    claims = [Claim(invoice_line_id=line.pk, quantity=line.quantity, amount=Decimal(amount))]
    return open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.FREIGHT, claims=claims,
        note="two causes", user=cast.buyer,
    )  # fmt: skip


def file_and_prove(buyer: Page, invoice: Invoice) -> Dispute:
    """The dealer claims that goods never came, in the portal; then the carrier's proof of delivery arrives."""
    buyer.goto(f"/invoices/{invoice.number}/dispute/?reason=not_received")
    buyer.get_by_label("What is wrong?").select_option("not_received")
    buyer.get_by_label("Disputed amount of line 1").fill("20.00")
    buyer.get_by_label("Tell us more").fill("Nothing came on that day")
    buyer.get_by_role("button", name="Open a dispute").click()
    expect(buyer.get_by_role("heading", level=1)).to_contain_text("Submitted")
    assert invoice.shipment_id is not None
    told = DeliveryProof(signed_by="B. Harbor", at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC))
    record_proof(shipment_id=invoice.shipment_id, proof=told, image=b"", source_key="day:1", source="Roadrunner")
    work_until_idle()
    return Dispute.objects.get()


def test_finances_day(
    cast: Cast, synced: SandboxProcess, signed_in: SignedIn, assert_fits: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    ApprovalLimit.objects.create(limit=Decimal("10.00"))
    order = order_by("portal", ("FST-10001", "100", "EA", None), ("PLB-30001", "24", "EA", None), po="FIN-1")
    invoice = bill(order, synced)
    work_until_idle()
    buyer = signed_in("buyer@harbor.example")
    row = file_and_prove(buyer, invoice)

    finance, second = signed_in("finance@northline.example"), signed_in("finance2@northline.example")
    finance.goto("/admin/")
    finance.get_by_role("link", name=re.compile("^Nobody's")).click()
    finance.get_by_role("link", name=str(row), exact=True).first.click()
    expect(finance.get_by_text("signed by B. Harbor").first).to_be_visible()
    press(finance, row, "Take it")
    state(finance, row, "in review", "in_review")
    press(finance, row, "Approve a credit", reason="signed by somebody else")
    expect(finance.locator("#dialog [name=root_cause]")).to_have_value("")  # it is asked for, and nothing is decided
    press(finance, row, "Approve a credit", reason="signed by somebody else", root_cause="carrier")
    state(finance, row, "waiting for a second person", "waiting_approval")
    press(finance, row, "Approve a credit", reason="signed by somebody else")
    expect(finance.locator("#dialog")).to_contain_text(
        "a second person must agree; nothing was decided", timeout=60_000
    )
    expect(finance.locator("#dialog [name=reason]")).to_have_value("signed by somebody else")
    second.goto("/admin/orders/dispute/?list=second")
    second.get_by_role("link", name=str(row), exact=True).first.click()
    press(second, row, "Approve a credit", reason="seen the signature")
    state(second, row, "approved, credit requested", "approved")
    erp_books(synced, row, "credit_request")
    assert (row.status, row.decided_by, row.approved_by) == ("closed", cast.finance, cast.finance2)
    assert row.credit_memo is not None
    assert row.credit_memo.total == Decimal("20.00")
    assert Case.objects.get(kind="dispute.open", subject_id=str(row.pk)).status == CaseStatus.RESOLVED
    letter = row.letters.get()
    assert bytes(letter.pdf) in [one[1] for sent in mail.outbox for one in sent.attachments]
    buyer.reload()
    expect(buyer.get_by_role("main")).to_contain_text(row.credit_memo.number)

    whole = claimed(cast, invoice, 2, "12.00")
    press(finance, whole, "Split", amounts="8.00 4.00", reason="half was agreed")
    state(finance, whole, "split into parts", "split")
    credit, denied = whole.parts.order_by("-amount_claimed")
    press(finance, credit, "Approve a credit", reason="agreed by phone", root_cause="other")
    state(finance, credit, "approved, credit requested", "approved")
    press(finance, denied, "Reject", reason="freight was as agreed")
    state(finance, denied, "rejected", "rejected")
    erp_books(synced, credit, "credit_request")
    assert credit.status == "closed"

    press(finance, row, "Take credit back", reason="the goods were found")
    state(finance, row, "credit is being taken back", "reversing")
    assert not ErpCommand.objects.filter(kind="debit_request").exists(), "above the limit nobody alone"
    press(second, row, "Agree to take the credit back", reason="found indeed")
    state(second, row, "credit is being taken back", "reversing")
    erp_books(synced, row, "debit_request")
    assert row.status == "reversed"
    assert not Case.objects.filter(status__in=CaseStatus.OPEN, subject_type="dispute").exists()

    phone = signed_in("finance@northline.example", **LOOKS["phone-dark"])
    addresses = {
        "list": "/admin/orders/dispute/", "dispute": f"/admin/orders/dispute/{row.pk}/change/",
        "history": f"/admin/orders/dispute/{row.pk}/history/", "report": "/admin/orders/dispute/report/",
    }  # fmt: skip
    for name, address in addresses.items():
        phone.goto(address)
        shoot(phone, name)
        assert_fits(phone)
