"""Who may decide what: every step has its states, every amount its limit, and two persons are two persons."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from distportal.common.errors import DomainError, IllegalMove, NotAllowed
from distportal.notices.models import Mail
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.choices import DISPUTE_STEPS, DenyReason, DisputeOutcome, DisputeStatus, RootCause, WriteOffReason
from orders.errors import DisputeRefused
from orders.models import ApprovalLimit, Dispute, DisputeLetter, ErpCommand, Invoice
from orders.process.dispute_deciding import approve_dispute, propose_decision, reject_dispute, send_back
from orders.process.dispute_reversal import take_back_decision
from orders.process.dispute_splitting import split_dispute
from orders.process.dispute_work import answer_question, ask_dealer, assign_dispute, take_dispute, withdraw_dispute
from orders.process.disputes import submit_dispute
from orders.queries.claims import claimable
from orders.queries.dispute_steps import possible_steps, why_not
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens

pytestmark = pytest.mark.django_db
CAUSE = RootCause.PRICING_DATA


def approve(row: Dispute, cast: Cast, amount: str = "", *, second: bool = False, **more: object) -> Dispute:
    return approve_dispute(
        dispute_id=row.pk, amount=Decimal(amount) if amount else row.amount_claimed, root_cause=CAUSE, reason="agreed",
        user=cast.finance2 if second else cast.finance, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def open_cases() -> list[str]:
    return list(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("code", flat=True))


def test_a_draft_claims_nothing_until_it_is_submitted(cast: Cast, invoice: Invoice, opens: Opens) -> None:
    draft = opens("100", as_draft=True)
    first = invoice.lines.get(position=1)
    assert (draft.status, claimable(invoice)[first.pk], open_cases()) == ("draft", Decimal(100), [])
    opens("30")
    with pytest.raises(DisputeRefused, match=r"up to \$70.00 can be claimed"):
        submit_dispute(dispute_id=draft.pk, user=cast.buyer)
    with pytest.raises(NotAllowed):
        submit_dispute(dispute_id=draft.pk, user=cast.stranger)
    withdraw_dispute(dispute_id=draft.pk, reason="again, with less")
    less = opens("70", as_draft=True)
    assert submit_dispute(dispute_id=less.pk, user=cast.buyer).status == "submitted"
    assert claimable(invoice)[first.pk] == 0


def test_the_table_says_why_not_and_the_database_agrees(cast: Cast, opens: Opens) -> None:
    row = opens("10")
    assert possible_steps(row) == ["take", "ask", "propose", "approve", "reject", "split", "withdraw"]
    assert why_not(row, "book") == (
        f"{row} is submitted and cannot be booked by a credit memo; it could while it is: approved, credit requested"
    )
    row = reject_dispute(dispute_id=row.pk, reason="as contracted", user=cast.finance)
    with pytest.raises(IllegalMove, match="is rejected and cannot be split"):
        split_dispute(dispute_id=row.pk, amounts=[Decimal(5), Decimal(5)], reason="x", user=cast.finance)
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Dispute.objects.filter(pk=row.pk).update(status="approved")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        row.entries.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Dispute.objects.filter(pk=row.pk).delete()
    assert {s for step in DISPUTE_STEPS.values() for s in (*step.since, *step.to)} == set(DisputeStatus.values)


def test_only_finance_decides_whatever_page_asks(cast: Cast, opens: Opens) -> None:
    row = opens("10")
    for somebody in (cast.buyer, cast.stranger, cast.agent):
        with pytest.raises(NotAllowed, match="only finance"):
            approve_dispute(dispute_id=row.pk, amount=Decimal(1), root_cause=CAUSE, reason="x", user=somebody)
        with pytest.raises(NotAllowed):
            reject_dispute(dispute_id=row.pk, reason="x", user=somebody)
    with pytest.raises(NotAllowed):
        assign_dispute(dispute_id=row.pk, role="processor", to=cast.agent, reason="help", user=cast.finance)
    row.refresh_from_db()
    assert (row.status, ErpCommand.objects.count(), DisputeLetter.objects.count()) == ("submitted", 0, 0)


def test_above_the_limit_two_persons_and_a_refusal_returns_to_the_flow(
    cast: Cast, opens: Opens, limit: ApprovalLimit
) -> None:
    row = approve(opens("80"), cast)
    assert (row.status, row.approved_by, ErpCommand.objects.count()) == ("waiting_approval", None, 0)
    with pytest.raises(DisputeRefused, match="a second person"):
        approve(row, cast)
    with pytest.raises(DisputeRefused, match=r"the first person proposed \$80.00 as a credit"):
        approve(row, cast, "70", second=True)
    other = {"outcome": DisputeOutcome.WRITE_OFF, "write_off_reason": WriteOffReason.GOODWILL}
    with pytest.raises(DisputeRefused, match="agree to that or send it back"):
        approve(row, cast, second=True, **other)
    row = send_back(dispute_id=row.pk, reason="too much", user=cast.finance2)
    assert (row.status, row.amount_approved, row.decided_by) == ("in_review", 0, None)
    assert row.entries.get(action="sent back").text == "too much"
    row = propose_decision(dispute_id=row.pk, amount=Decimal(60), root_cause=CAUSE, reason="60", user=cast.finance)
    assert row.status == "proposed"
    assert approve(row, cast, "60").status == "waiting_approval", "who proposes does not raise the own limit"
    row = approve(row, cast, "60", second=True)
    assert (row.status, row.decided_by, row.approved_by) == ("approved", cast.finance, cast.finance2)
    assert ErpCommand.objects.get().draft["lines"][0]["unit_price"] == "60"


def test_the_most_restrictive_limit_counts_and_parts_do_not_get_around_it(
    cast: Cast, opens: Opens, limit: ApprovalLimit
) -> None:
    ApprovalLimit.objects.create(user=cast.finance, limit=Decimal(500))
    ApprovalLimit.objects.create(user=cast.finance2, reason="price", limit=Decimal(10))
    assert approve(opens("20"), cast, second=True).status == "waiting_approval"
    whole = opens("0", "60")
    amounts = [Decimal(40), Decimal(20)]
    parts = split_dispute(dispute_id=whole.pk, amounts=amounts, reason="two causes", user=cast.finance)
    with pytest.raises(IllegalMove, match="is split into parts and cannot be split"):
        split_dispute(dispute_id=whole.pk, amounts=amounts, reason="clicked twice", user=cast.finance)
    assert whole.parts.count() == 2
    assert approve(parts[0], cast).status == "approved"
    assert approve(parts[1], cast).status == "waiting_approval", "40 and 20 of one invoice are more than 50"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_at_once_one_does_and_the_erp_is_asked_once(cast: Cast, opens: Opens) -> None:
    row = approve(opens("80"), cast)
    cast.agent.groups.add(cast.finance.groups.get())
    assert row.status == "waiting_approval"

    def agree(user: object) -> str:
        try:
            approve_dispute(
                dispute_id=row.pk,
                amount=row.amount_claimed,
                root_cause=CAUSE,
                reason="yes",
                user=user,  # type: ignore[arg-type]
            )
        except IllegalMove as error:
            return error.message
        return "approved"

    found = at_once(lambda: agree(cast.finance2), lambda: agree(cast.agent))
    assert sorted(one == "approved" for one in found) == [False, True]
    assert next(one for one in found if one != "approved").startswith(f"{row} is approved")
    assert (ErpCommand.objects.count(), DisputeLetter.objects.count()) == (1, 1)


def test_while_the_dealer_is_asked_the_clock_stands_still(cast: Cast, opens: Opens) -> None:
    row = take_dispute(dispute_id=opens("10").pk, user=cast.finance)
    assert (row.processor, row.coordinator) == (cast.finance, cast.finance)
    day = timezone.localdate() + dt.timedelta(days=14)
    with pytest.raises(DisputeRefused, match="a day to come"):
        ask_dealer(dispute_id=row.pk, question="Which price list?", remind_on=dt.date(2020, 1, 1), user=cast.finance)
    row = ask_dealer(dispute_id=row.pk, question="Which price list?", remind_on=day, user=cast.finance)
    Dispute.objects.filter(pk=row.pk).update(asked_at=timezone.now() - dt.timedelta(hours=3))
    with pytest.raises(NotAllowed):
        answer_question(dispute_id=row.pk, answer="none of yours", user=cast.stranger)
    row = answer_question(dispute_id=row.pk, answer="That of May", user=cast.buyer)
    assert (row.status, row.asked_at, row.waited_seconds // 60) == ("in_review", None, 180)
    [mail] = Mail.objects.filter(kind="dispute.letter")
    assert mail.to_email == "accounts@harbor.example"
    assert "Which price list?" in mail.text
    assert day.isoformat() in mail.html


def test_a_dealer_reads_no_decision_before_it_is_one(cast: Cast, opens: Opens) -> None:
    row = opens("10")
    buyer = signed_in(cast.buyer)
    proposed = {"amount": Decimal("7.77"), "root_cause": CAUSE, "reason": "seven", "user": cast.finance}
    propose_decision(dispute_id=row.pk, **proposed)  # type: ignore[arg-type]
    page = buyer.get(f"/disputes/{row.number}/").content.decode()
    assert ("$7.77" in page, "seven" in page) == (False, False)
    assert "$7.77" not in buyer.get("/disputes/").content.decode()
    reject_dispute(dispute_id=row.pk, reason="as contracted", user=cast.finance)
    page = buyer.get(f"/disputes/{row.number}/").content.decode()
    assert "as contracted" in page
    assert f"/disputes/letters/{row.letters.get().pk}.pdf" in page


def test_a_denial_has_a_reason_of_its_own_list_and_a_letter_that_stays(cast: Cast, opens: Opens) -> None:
    row = reject_dispute(
        dispute_id=opens("10").pk, reason="The price list of June says so", user=cast.finance,
        deny_reason=DenyReason.AS_CONTRACTED, root_cause=RootCause.CUSTOMER_ERROR,
    )  # fmt: skip
    letter = row.letters.get()
    assert (row.outcome, row.deny_reason, row.write_off_reason) == ("deny", "as_contracted", "")
    assert "The price list of June says so" in letter.body
    assert bytes(letter.pdf).startswith(b"%PDF")
    assert letter.mails.get().to_email == "accounts@harbor.example"
    assert open_cases() == []
    with pytest.raises(DatabaseError), transaction.atomic():
        DisputeLetter.objects.filter(pk=letter.pk).update(body="something else")


def test_a_write_off_says_why_and_is_booked_by_the_erp_too(cast: Cast, opens: Opens, limit: ApprovalLimit) -> None:
    row = opens("10")
    with pytest.raises(DisputeRefused, match="why the amount is written off"):
        approve(row, cast, outcome=DisputeOutcome.WRITE_OFF)
    with pytest.raises(DisputeRefused, match="reject the dispute instead"):
        approve(row, cast, outcome=DisputeOutcome.DENY)
    row = approve(row, cast, outcome=DisputeOutcome.WRITE_OFF, write_off_reason=WriteOffReason.SMALL_BALANCE)
    assert (row.status, ErpCommand.objects.get().draft["reason"]) == ("approved", "small_balance")


def test_a_decision_is_taken_back_before_the_erp_has_it(cast: Cast, opens: Opens, limit: ApprovalLimit) -> None:
    row = approve(opens("30"), cast)
    row = take_back_decision(dispute_id=row.pk, reason="wrong line", user=cast.finance2)
    command = ErpCommand.objects.get()
    assert (row.status, row.amount_approved, command.state, command.error_code) == (
        "in_review", 0, "rejected", "taken_back",
    )  # fmt: skip
    assert open_cases() == ["dispute"]
    row = approve(row, cast, "20")
    command.refresh_from_db()
    assert (row.status, command.state, command.draft["lines"][0]["unit_price"]) == ("approved", "pending", "20")
    ErpCommand.objects.update(state="sending")
    with pytest.raises(DisputeRefused, match="the ERP has the request"):
        take_back_decision(dispute_id=row.pk, reason="again", user=cast.finance)


def test_a_denial_is_taken_back_unless_its_lines_are_claimed_anew(cast: Cast, opens: Opens) -> None:
    row = reject_dispute(dispute_id=opens("80").pk, reason="no", user=cast.finance)
    other = opens("50")
    with pytest.raises(DisputeRefused, match="line 1 is claimed by another dispute"):
        take_back_decision(dispute_id=row.pk, reason="proof came", user=cast.finance)
    withdraw_dispute(dispute_id=other.pk, reason="paid")
    assert take_back_decision(dispute_id=row.pk, reason="proof came", user=cast.finance).status == "in_review"


def test_history_says_who_and_why(cast: Cast, opens: Opens) -> None:
    row = reject_dispute(dispute_id=opens("10").pk, reason="as contracted", user=cast.finance)
    events = row.events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.status for event in events][-1] == "rejected"
    assert events.last().pgh_context.metadata["why"] == "as contracted"
    with pytest.raises(DomainError):
        reject_dispute(dispute_id=row.pk, reason=" ", user=cast.finance)
