"""What the ERP says counts: its credit memo books, its debit memo takes back, its late refusal is one case."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.choices import DisputeReason, RootCause
from orders.models import ApprovalLimit, Dispute, ErpCommand, Invoice, InvoiceFinding
from orders.process.dispute_deciding import approve_dispute
from orders.process.dispute_reversal import reverse_credit, take_back_decision
from orders.process.dispute_watch import watch_disputes
from orders.process.disputes import Claim, open_dispute
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.queries.payments import balances_of
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def billed(cast: Cast, synced: SandboxProcess) -> Invoice:
    """An invoice as the ERP wrote it, of an order that was shipped whole."""
    ApprovalLimit.objects.create(limit=Decimal(50))
    wanted = asked(("FST-10001", "10", "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}")
    order = place_order(order=wanted, source_key=f"t:{uuid.uuid4()}").order
    work_until_idle()
    order.refresh_from_db()
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    return Invoice.objects.get(order=order)


def approved(cast: Cast, invoice: Invoice) -> Dispute:
    line = invoice.lines.get()
    row = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE, note="",
        claims=[Claim(invoice_line_id=line.pk, quantity=line.quantity, amount=Decimal("1.00"))], user=cast.buyer,
    )  # fmt: skip
    return approve_dispute(
        dispute_id=row.pk, amount=Decimal("1.00"), root_cause=RootCause.OTHER, reason="yes", user=cast.finance
    )


def command_of(row: Dispute, kind: str) -> ErpCommand:
    work_until_idle()
    found = ErpCommand.objects.filter(dispute=row, kind=kind).latest("requested_at")
    assert found.state == "confirmed"
    return found


def open_cases() -> list[str]:
    return list(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("kind", flat=True))


def test_a_booked_credit_is_taken_back_by_a_debit_memo_and_both_come_to_nothing(
    cast: Cast, synced: SandboxProcess, billed: Invoice
) -> None:
    assert not InvoiceFinding.objects.exists(), "billed as agreed and sent"
    row = approved(cast, billed)
    synced.approve_credit(command_of(row, "credit_request").order_key)
    sync_erp()
    row = reverse_credit(dispute_id=row.pk, reason="the contract says otherwise", user=cast.finance)
    assert (row.status, open_cases()) == ("reversing", ["dispute.reversal"])
    synced.approve_credit(command_of(row, "debit_request").order_key)
    sync_erp()
    row.refresh_from_db()
    assert (row.status, open_cases()) == ("reversed", [])
    assert row.debit_memo is not None
    assert (row.debit_memo.kind, row.debit_memo.total) == ("invoice", Decimal("1.00"))
    owed = balances_of([billed, row.debit_memo])
    assert sum((balance.open for balance in owed.values()), Decimal(0)) == billed.total
    assert billed.order is not None
    assert billed.order.lines.get().invoiced_quantity == 10, "a debit memo bills no goods"


def test_what_the_erp_refuses_after_it_took_it_is_one_case_and_asked_anew_under_another_key(
    cast: Cast, synced: SandboxProcess, billed: Invoice
) -> None:
    row = approved(cast, billed)
    first = command_of(row, "credit_request")
    assert watch_disputes() == 0
    synced.post(f"/orders/{first.order_key}/refuse-credit", {"reason": "period is closed"})
    assert (watch_disputes(), watch_disputes()) == (1, 0)
    row.refresh_from_db()
    case = Case.objects.get(kind="dispute.erp_refused")
    assert (row.status, case.amount, case.account) == ("approved", Decimal("1.00"), cast.harbor)
    assert "period is closed" in case.sentence
    take_back_decision(dispute_id=row.pk, reason="next period", user=cast.finance)
    assert open_cases() == ["dispute.open"]
    approve_dispute(
        dispute_id=row.pk, amount=Decimal("1.00"), root_cause=RootCause.OTHER, reason="yes", user=cast.finance
    )
    second = command_of(row, "credit_request")
    assert second.order_key == f"{first.order_key}-2"
    synced.approve_credit(second.order_key)
    sync_erp()
    row.refresh_from_db()
    assert (row.status, open_cases()) == ("closed", [])
    assert Invoice.objects.filter(kind="credit_memo").count() == 1
