"""812, 180 and credit memos over a real ERP, in both directions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice as InvoiceFact
from distportal.events.lineage import story
from distportal.events.sweeper import work_until_idle
from edi.models import Document, TradingPartner
from edi.process.billing import tell_invoice
from edi.resolutions import build_invoice_again
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.choices import FindingAction, RootCause
from orders.models import ApprovalLimit, Dispute, ErpCommand, Invoice, Return, RulePolicy
from orders.process.dispute_deciding import approve_dispute
from orders.process.erp_feed import sync_erp
from orders.process.returns import decide_return
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.money import agree, billed, remit, take
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
Ship = Callable[[str], None]


def open_kinds() -> list[str]:
    return sorted(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("kind", flat=True))


def debit(post: Post, number: str, cents: str, *rows: str, invoice: str = "") -> Document:
    head = f"BCD*20261202*{number}*I*{cents}*D**{invoice}"
    return take(post, "812", head, "N1*BY*CRESTLINE*92*CL", *rows)


def test_a_debit_is_a_dispute_and_the_payment_that_is_short_by_it_opens_no_other(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    rows = ("CDD*06*D**120", "N9*L1**TWO SHORT", "CDD*ZZ*C**20")
    document = debit(crestline, "DM-1", "100", *rows, invoice=invoice.number)
    dispute = Dispute.objects.get()
    assert (dispute.reason, dispute.amount_claimed, dispute.note, dispute.opened_name) == (
        "short", Decimal("1.20"), "TWO SHORT", "EDI Crestline Home Centers, 812 DM-1",
    )  # fmt: skip
    assert document.state == "settled"
    assert document.findings == [f"{dispute} claims $1.20.", "A credit of $0.20 was noted; it opens nothing."]
    paid = invoice.total - Decimal("1.20")
    remit(crestline, paid, f"RMR*IV*{invoice.number}**{paid}*{paid}")
    assert Dispute.objects.count() == 1
    assert open_kinds() == ["dispute.open"]


def test_the_same_debit_again_is_the_same_dispute_and_another_amount_is_a_case(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    for _ in range(2):
        assert debit(crestline, "DM-2", "120", "CDD*01*D**120", invoice=invoice.number).state == "settled"
    other = debit(crestline, "DM-2", "130", "CDD*01*D**130", invoice=invoice.number)
    assert (other.state, Dispute.objects.get().amount_claimed) == ("failed", Decimal("1.20"))
    assert open_kinds() == ["dispute.open", "edi.unusable_document"]


def test_a_debit_against_another_partners_invoice_opens_nothing(
    crestline: Post, brightway: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    theirs = billed(agree(brightway, "855"), ship, ("SAF-50002", "24", "3.56"), ship_to="DC01")
    agree(crestline, "855", "824")
    document = debit(crestline, "DM-3", "120", "CDD*01*D**120", invoice=theirs.number)
    assert document.state == "failed"
    assert "which this account does not have" in document.findings[0]
    assert not Dispute.objects.exists()
    assert len(crestline.sets("824")) == 1
    assert open_kinds() == ["edi.unusable_document"]


def test_a_debit_that_is_larger_than_the_invoice_opens_nothing_at_all(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    document = debit(crestline, "DM-4", "99100", "CDD*01*D**100", "CDD*06*D**99000", invoice=invoice.number)
    assert document.state == "failed"
    assert not Dispute.objects.exists()
    assert open_kinds() == ["edi.unusable_document"]


def credited(crestline: Post, ship: Ship, cast: Cast, erp: SandboxProcess) -> Invoice:
    """The credit memo over 1.20 that a debit led to."""
    ApprovalLimit.objects.create(limit=Decimal(500))
    invoice = billed(crestline, ship)
    debit(crestline, "DM-5", "120", "CDD*06*D**120", invoice=invoice.number)
    dispute = Dispute.objects.get()
    approve_dispute(
        dispute_id=dispute.pk, amount=Decimal("1.20"), root_cause=RootCause.PICKING, reason="right", user=cast.finance
    )
    work_until_idle()
    erp.approve_credit(ErpCommand.objects.get(dispute=dispute).order_key)
    sync_erp()
    work_until_idle()
    return Invoice.objects.get(corrects=invoice)


@pytest.mark.parametrize(
    ("outbound", "chosen", "sent"),
    [(("810",), [], ["810"]), (("810", "812"), [], ["812"]), (("810", "812"), ["810", "812"], ["810", "812"]),
     (("855",), [], [])],
)  # fmt: skip
def test_a_credit_memo_is_told_by_the_sets_agreed(
    crestline: Post, catalogue: SandboxProcess, ship: Ship, cast: Cast,
    outbound: tuple[str, ...], chosen: list[str], sent: list[str],
) -> None:  # fmt: skip
    agree(crestline, *outbound)
    TradingPartner.objects.filter(pk=crestline.partner.pk).update(credit_memo_sets=chosen)
    memo = credited(crestline, ship, cast, catalogue)
    told = Document.objects.filter(direction="out", invoice=memo)
    assert sorted(told.values_list("set_id", flat=True)) == sent
    if "812" in sent:
        [body] = crestline.sets("812")
        assert memo.corrects is not None
        assert body[1][2:8] == [memo.number, "I", "120", "C", "", memo.corrects.number]
        assert [row[1:5] for row in body if row[0] == "CDD"] == [["06", "C", "1", "120"]]
    if "810" in sent:
        body = crestline.sets("810")[-1]
        assert (body[1][7], ["TDS", "120"] in body) == ("CR", True)
    assert set(tell_invoice(invoice_id=memo.pk)) == set(told), "told twice it is told once"


def test_an_invoice_tells_carrier_terms_parties_and_packs(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "810"), ship)
    [body] = crestline.sets("810")
    heads = [row[0] for row in body]
    assert {"ITD", "CAD", "ISS", "PO4", "TDS"} <= set(heads)
    assert [row[1] for row in body if row[0] == "N1"] == ["RE", "BT", "ST"]
    assert ["TDS", str(int(invoice.total * 100))] in body
    assert next(row for row in body if row[0] == "ITD")[1:9:6] == ["01", "30"]


def test_an_invoice_that_does_not_add_up_is_one_case_and_the_rest_goes_on(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    agree(crestline, "855", "810")
    good = dict(invoice.canonical)
    Invoice.objects.filter(pk=invoice.pk).update(canonical=good | {"total": "99.99"})
    assert [tell_invoice(invoice_id=invoice.pk) for _ in range(2)] == [[], []]
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.occurrences) == ("edi.unsendable_invoice", 2)
    assert "does not add up" in case.sentence
    assert from_json(InvoiceFact, good).total == invoice.total
    Invoice.objects.filter(pk=invoice.pk).update(canonical=good)
    assert build_invoice_again(case, {}, "", None).endswith("will be sent")  # type: ignore[arg-type]
    work_until_idle()
    case.refresh_from_db()
    assert (case.status, len(crestline.sets("810"))) == ("resolved", 1)


def ask(post: Post, invoice: Invoice, quantity: str = "2", number: str = "RR-1") -> Document:
    return take(post, "180", f"BGN*13*{number}*20261202", "RDR**DM", f"BLI*VN*FST-10001*{quantity}*EA",
                f"N9*IV*{invoice.number}")  # fmt: skip


def test_a_return_is_asked_decided_and_answered_with_its_rma_number(
    crestline: Post, catalogue: SandboxProcess, ship: Ship, cast: Cast
) -> None:
    ApprovalLimit.objects.create(limit=Decimal(500))
    invoice = billed(agree(crestline, "855", "180"), ship)
    document = ask(crestline, invoice, "12")
    row = Return.objects.get()
    assert document.findings == [f"It is return {row}, requested."]
    assert open_kinds() == ["return.requested"]
    assert crestline.sets("180") == []
    decide_return(return_id=row.pk, approved={1: Decimal(9)}, reason="one is used", user=cast.finance)
    work_until_idle()
    [body] = crestline.sets("180")
    assert body[1][:3] == ["BGN", "11", str(row)]
    assert body[1][6] == "RR-1"
    assert ["N9", "RZ", str(row)] in body
    assert ["BLI", "VN", "FST-10001", "9", "EA"] in body
    assert ["RDR", "PA", "", "QD", "At most 10 of it can come back on invoice " + invoice.number + "."] in body
    assert open_kinds() == []
    assert f"return:{row.pk}" in {step.key for step in story(invoice.correlation_id, internal=True)}
    assert f"return:{row.pk}" in {step.key for step in story(document.correlation_id, internal=True)}


def test_a_small_return_is_approved_by_policy_and_answered_at_once(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    RulePolicy.objects.create(code="return_auto_approve", action=FindingAction.ACCEPT, data={"below": "50"})
    invoice = billed(agree(crestline, "855", "180"), ship)
    ask(crestline, invoice)
    ask(crestline, invoice)
    [body] = crestline.sets("180")
    assert ["RDR", "RA"] in body
    assert Return.objects.count() == 1, "the same request again is the same return"


def test_a_rejected_return_has_no_rma_number_and_says_why(
    crestline: Post, catalogue: SandboxProcess, ship: Ship, cast: Cast
) -> None:
    invoice = billed(agree(crestline, "855", "180"), ship)
    ask(crestline, invoice)
    decide_return(return_id=Return.objects.get().pk, approved={}, reason="Past 90 days", user=cast.finance, answer="RT")
    work_until_idle()
    [body] = crestline.sets("180")
    assert ["RDR", "RD", "", "RT", "Past 90 days"] in body
    assert [row for row in body if row[0] == "N9" and row[1] == "RZ"] == []


def test_a_return_of_another_partners_goods_has_nothing_to_come_back(
    crestline: Post, brightway: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    theirs = billed(agree(brightway, "855"), ship, ("FST-10001", "24", "0.43"), ship_to="DC01")
    ask(agree(crestline, "180"), theirs)
    line = Return.objects.get().lines.get()
    assert (line.invoice_line, line.allowed, line.answer) == (None, 0, "NR")


def test_a_180_that_is_no_request_is_one_case(crestline: Post, catalogue: SandboxProcess) -> None:
    document = take(agree(crestline), "180", "BGN*01*RR-9*20261202", "BLI*VN*FST-10001*1*EA")
    assert document.state == "failed"
    assert open_kinds() == ["edi.unusable_document"]
    assert not Return.objects.exists()
