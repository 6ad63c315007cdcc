"""A booked dispute closes by itself where its credit is what was approved and applied, and by a person elsewhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.choices import RootCause
from orders.models import ApprovalLimit, Dispute, Invoice
from orders.process import dispute_watch, dispute_work
from orders.process.dispute_booking import book_memo
from orders.process.dispute_closing import close_settled
from orders.process.dispute_deciding import approve_dispute
from orders.process.dispute_reversal import refuse_reversal, reverse_credit
from orders.process.dispute_watch import watch_disputes
from orders.process.dispute_work import ask_dealer, close_dispute
from orders.queries.dispute_work import work_counts
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens
from tests.orders.money import line, pay, unsaved_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(cast: Cast, opens: Opens, limit: ApprovalLimit) -> Dispute:
    return approve_dispute(
        dispute_id=opens("30").pk, amount=Decimal(30), root_cause=RootCause.PICKING, reason="yes", user=cast.finance
    )


def memo(cast: Cast, total: str, *, corrects: Invoice | None, tax: str = "0") -> Invoice:
    row = unsaved_invoice(cast.harbor, "CM-1", Decimal(total), kind="credit_memo", corrects=corrects, tax=Decimal(tax))
    row.save()
    return row


def story(row: Dispute) -> list[str]:
    return list(row.entries.order_by("pk").values_list("action", flat=True))[-2:]


def open_kinds() -> list[str]:
    return list(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("kind", flat=True))


@pytest.mark.parametrize(("total", "tax"), [("30", "0"), ("32.40", "2.40")])
def test_the_credit_memo_books_and_closes_with_or_without_the_erps_tax(
    cast: Cast, invoice: Invoice, approved: Dispute, total: str, tax: str
) -> None:
    row = book_memo(dispute_id=approved.pk, memo=memo(cast, total, corrects=invoice, tax=tax))
    assert (row.status, row.root_cause, story(row), open_kinds()) == ("closed", "picking", ["booked", "closed"], [])
    assert row.entries.last().text == "by itself: credit memo CM-1 is applied"  # type: ignore[union-attr]
    assert row.events.order_by("pgh_id").last().status == "closed"  # type: ignore[attr-defined]


def test_another_amount_is_one_case_and_a_person_closes_it(cast: Cast, invoice: Invoice, approved: Dispute) -> None:
    row = book_memo(dispute_id=approved.pk, memo=memo(cast, "29.99", corrects=invoice))
    assert (row.status, open_kinds()) == ("booked", ["dispute.memo_differs"])
    case = Case.objects.get(kind="dispute.memo_differs")
    assert (case.queue.code, case.amount) == ("finance", Decimal("0.01"))
    assert "$30.00 were approved and credit memo CM-1 is over $29.99" in case.sentence
    watch_disputes()
    case.refresh_from_db()
    assert (close_settled(), case.occurrences) == (0, 1), "looking again makes no noise"
    row = close_dispute(dispute_id=row.pk, root_cause=RootCause.OTHER, user=cast.finance)
    assert (row.status, open_kinds()) == ("closed", [])


def test_a_credit_on_account_closes_when_a_payment_takes_it(cast: Cast, approved: Dispute) -> None:
    row = book_memo(dispute_id=approved.pk, memo=memo(cast, "30", corrects=None))
    assert row.status == "booked"
    [erp] = [count for name, _, count in work_counts(user=cast.finance, now=row.opened_at) if name == "booked"]
    assert erp == 1, "it is on the list of what is booked and not closed"
    watch_disputes()
    row.refresh_from_db()
    assert row.status == "booked"
    pay(cast.harbor, line("CM-1", "-30", kind="credit_memo"), line("INV-1", "160"))
    watch_disputes()
    row.refresh_from_db()
    assert (row.status, open_kinds()) == ("closed", [])


def test_a_credit_that_stays_after_all_is_closed_again(cast: Cast, invoice: Invoice, approved: Dispute) -> None:
    row = book_memo(dispute_id=approved.pk, memo=memo(cast, "30", corrects=invoice))
    ApprovalLimit.objects.update(limit=Decimal(5))
    assert reverse_credit(dispute_id=row.pk, reason="wrong", user=cast.finance).status == "reversing"
    row = refuse_reversal(dispute_id=row.pk, reason="it was right", user=cast.finance2)
    assert (row.status, open_kinds()) == ("closed", [])


def test_a_day_to_answer_by_is_a_day_of_the_house_and_not_over_in_its_evening(
    cast: Cast, opens: Opens, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TIME_ZONE = "America/Chicago"
    day = dt.date(2026, 11, 26)
    evening = dt.datetime(2026, 11, 27, 1, 30, tzinfo=dt.UTC)  # half past seven there
    row = opens("30")
    for module in (dispute_work, dispute_watch):
        monkeypatch.setattr(module, "database_now", lambda: evening)
    ask_dealer(dispute_id=row.pk, question="Which price list?", remind_on=day, user=cast.finance)
    watch_disputes()
    assert open_kinds() == ["dispute.open"]
    counts = work_counts(user=cast.finance, now=evening - dt.timedelta(days=1))
    assert [number for name, _, number in counts if name == "remind"] == [0]
    evening += dt.timedelta(hours=5)
    watch_disputes()
    assert open_kinds() == ["dispute.open", "dispute.unanswered"]
