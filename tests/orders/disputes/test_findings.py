"""What we bill wrongly reaches finance before the dealer, once, with a credit that one act grants."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from distportal.common.errors import NotAllowed
from distportal.notices.models import Mail
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.choices import DisputeReason
from orders.errors import DisputeRefused
from orders.models import ApprovalLimit, Dispute, ErpCommand, Invoice, InvoiceFinding, InvoiceLine
from orders.process.disputes import Claim, open_dispute
from orders.process.finding_answers import accept_findings, dismiss_findings
from orders.process.invoice_comparing import compare_document
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice, unsaved_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong(cast: Cast) -> Invoice:
    """Line 1: 10 at 10.20 where 9.95 was agreed, 2.50 too much; line 2 as agreed."""
    row = an_invoice(cast.harbor, "W-1", "102", "20")
    for position, quantity, price, agreed in ((1, 10, "10.20", "9.95"), (2, 4, "5", "5")):
        line = InvoiceLine.objects.filter(invoice=row, position=position)
        line.update(quantity=quantity, unit_price=Decimal(price), agreed_price=Decimal(agreed))
    return row


def case_of(invoice: Invoice) -> Case:
    return Case.objects.get(kind="invoice.differs", subject_id=str(invoice.pk))


def states() -> list[str]:
    return list(InvoiceFinding.objects.order_by("line__position").values_list("state", flat=True))


def test_a_wrong_price_is_one_finding_and_one_case_however_often_it_is_read(cast: Cast, wrong: Invoice) -> None:
    for _ in range(3):
        compare_document(wrong)
    finding = InvoiceFinding.objects.get()
    assert (finding.reason, finding.amount, finding.words) == (
        "price", Decimal("2.50"), "Line 1: $10.20 billed, $9.95 agreed",
    )  # fmt: skip
    case = case_of(wrong)
    assert (case.queue.code, case.amount, case.account, case.occurrences) == (
        "finance",
        Decimal("2.50"),
        cast.harbor,
        1,
    )
    assert "Invoice W-1 of Harbor Hardware bills $2.50 too much" in case.sentence
    assert not Dispute.objects.exists()


def test_one_act_credits_it_within_the_limit_and_tells_the_dealer(cast: Cast, wrong: Invoice) -> None:
    ApprovalLimit.objects.create(limit=Decimal(50))
    compare_document(wrong)
    with pytest.raises(NotAllowed):
        accept_findings(invoice_id=wrong.pk, reason="x", user=cast.agent)
    [dispute] = accept_findings(invoice_id=wrong.pk, reason="our price file was old", user=cast.finance)
    assert (dispute.status, dispute.amount_approved, dispute.root_cause) == (
        "approved",
        Decimal("2.50"),
        "pricing_data",
    )
    assert (states(), case_of(wrong).status) == (["accepted"], CaseStatus.RESOLVED)
    assert ErpCommand.objects.get().draft["lines"][0]["unit_price"] == "2.5"
    assert "We billed too much on invoice W-1" in Mail.objects.get(kind="dispute.letter").subject
    with pytest.raises(DisputeRefused, match="nothing of this invoice waits"):
        accept_findings(invoice_id=wrong.pk, reason="again", user=cast.finance2)
    assert Dispute.objects.count() == 1


def test_above_the_limit_it_waits_for_a_second_person(cast: Cast, wrong: Invoice) -> None:
    compare_document(wrong)
    [dispute] = accept_findings(invoice_id=wrong.pk, reason="yes", user=cast.finance)
    assert (dispute.status, ErpCommand.objects.count(), states()) == ("waiting_approval", 0, ["accepted"])


def test_a_credit_memo_of_the_erp_ends_it_and_a_part_of_it_makes_it_less(cast: Cast, wrong: Invoice) -> None:
    compare_document(wrong)
    for number, total, left in (("C-1", "1.00", "1.50"), ("C-2", "1.50", None)):
        memo = unsaved_invoice(cast.harbor, number, Decimal(total), kind="credit_memo", corrects=wrong)
        memo.save()
        compare_document(memo)
        finding = InvoiceFinding.objects.get()
        if left:
            assert (finding.state, finding.amount) == ("open", Decimal(left))
    assert (states(), case_of(wrong).status) == (["corrected"], CaseStatus.RESOLVED)


def test_the_dealer_was_faster(cast: Cast, wrong: Invoice) -> None:
    compare_document(wrong)
    line = wrong.lines.get(position=1)
    row = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=wrong.pk, reason=DisputeReason.PRICE, note="",
        claims=[Claim(invoice_line_id=line.pk, quantity=line.quantity, amount=Decimal("2.50"))], user=cast.buyer,
    )  # fmt: skip
    assert (states(), InvoiceFinding.objects.get().dispute) == (["disputed"], row)
    assert case_of(wrong).status == CaseStatus.RESOLVED
    assert row.evidence_ready, "the agreed price is the evidence, and we have it"


def test_it_was_right_after_all(cast: Cast, wrong: Invoice) -> None:
    compare_document(wrong)
    with pytest.raises(DisputeRefused, match="say why"):
        dismiss_findings(invoice_id=wrong.pk, reason=" ", user=cast.finance)
    assert dismiss_findings(invoice_id=wrong.pk, reason="surcharge was agreed by phone", user=cast.finance) == 1
    compare_document(wrong)
    assert (states(), case_of(wrong).status) == (["dismissed"], CaseStatus.RESOLVED)


def test_the_back_office_says_each_state_in_words_and_short_in_the_list(cast: Cast, wrong: Invoice) -> None:
    compare_document(wrong)
    finance, address = signed_in(cast.finance), "/admin/orders/invoicefinding/"
    one = f"{address}{InvoiceFinding.objects.get().pk}/change/"
    page = finance.get(one).content.decode()
    assert ("Waits for finance" in page, "&#x27;open&#x27;" in page) == (True, False)
    assert "billed without a shipment" in page
    ApprovalLimit.objects.create(limit=Decimal(10))
    accept_findings(invoice_id=wrong.pk, reason="ours", user=cast.finance)
    page = finance.get(address).content.decode()
    assert (
        "Credited" in page,
        "Credit proposed to us was accepted" in page.partition("result_list")[2].partition("</table>")[0],
    ) == (True, False)
    assert "Credit proposed to us was accepted" in finance.get(one).content.decode()
