"""Payments against invoices: by our books, once, whatever their order and number."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.choices import DisputeReason, RootCause
from orders.models import Dispute, Invoice, Remittance, RemittanceLine
from orders.process.deductions import shares
from orders.process.dispute_booking import book_memo
from orders.process.dispute_deciding import approve_dispute, reject_dispute
from orders.process.disputes import Claim, open_dispute
from orders.queries.payments import balances_of
from tests.at_once import at_once
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay, unsaved_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor(cast: Cast) -> Account:
    return cast.harbor


def left(invoice: Invoice) -> tuple[str, Decimal]:
    balance = balances_of([invoice])[invoice.pk]
    return balance.state, balance.open


def open_kinds() -> list[str]:
    return sorted(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("kind", flat=True))


def claims() -> list[tuple[str, Decimal, str]]:
    return list(Dispute.objects.order_by("number").values_list("reason", "amount_claimed", "status"))


def test_numbers_are_compared_without_case_punctuation_and_zeros(harbor: Account) -> None:
    invoice = an_invoice(harbor, "inv-00-45", "10")
    pay(harbor, line("INV 0045", "10"))
    assert left(invoice) == ("paid", 0)


def test_a_deduction_with_two_reasons_is_two_disputes_spread_over_the_lines(harbor: Account) -> None:
    an_invoice(harbor, "I1", "30", "10")
    pay(harbor, line("I1", "28", ("-7", "06"), ("-5", "55")))
    assert claims() == [("short", Decimal(7), "submitted"), ("tax", Decimal(5), "submitted")]
    first, second = Dispute.objects.order_by("number")
    assert [one.amount for one in first.lines.order_by("invoice_line__position")] == [Decimal("5.25"), Decimal("1.75")]
    assert sum(one.amount for one in second.lines.all()) == 5


def test_a_deduction_nobody_explains_has_its_own_reason_and_our_books_hold(harbor: Account) -> None:
    an_invoice(harbor, "I1", "100")
    pay(harbor, line("I1", "90", ("-4", "01"), gross=Decimal(94)))
    assert claims() == [("price", Decimal(4), "submitted"), ("unstated", Decimal(6), "submitted")]


def test_what_lines_cannot_carry_is_a_case(harbor: Account) -> None:
    invoice = an_invoice(harbor, "I1", "20")
    Invoice.objects.filter(pk=invoice.pk).update(total=25, tax=5)
    pay(harbor, line("I1", "0"))
    assert claims() == [("unstated", Decimal(20), "submitted")]
    case = Case.objects.get(kind="remittance.unclaimed_deduction", status__in=CaseStatus.OPEN)
    assert case.amount == 5


def test_a_deduction_the_dealer_disputes_already_opens_no_second_dispute(cast: Cast, harbor: Account) -> None:
    invoice = an_invoice(harbor, "I1", "20")
    claim = Claim(invoice_line_id=invoice.lines.get().pk, quantity=Decimal(1), amount=Decimal(5))
    open_dispute(
        token=uuid.uuid4(), account=harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE, claims=[claim], note="",
        user=cast.buyer,
    )  # fmt: skip
    pay(harbor, line("I1", "15"))
    assert claims() == [("price", Decimal(5), "submitted")]
    assert left(invoice) == ("part_paid", Decimal(5))


def test_instalments_dispute_the_rest_once_and_the_last_one_ends_the_dispute(harbor: Account) -> None:
    invoice = an_invoice(harbor, "I1", "20")
    pay(harbor, line("I1", "5"))
    pay(harbor, line("I1", "5"))
    assert claims() == [("unstated", Decimal(15), "submitted")]
    pay(harbor, line("I1", "10"))
    assert left(invoice) == ("paid", 0)
    assert claims() == [("unstated", Decimal(15), "withdrawn")]
    assert open_kinds() == []


def test_a_deduction_after_full_payment_takes_back_and_is_disputed(harbor: Account) -> None:
    invoice = an_invoice(harbor, "I1", "20")
    pay(harbor, line("I1", "20"))
    pay(harbor, line("I1", "-4", ("-4", "04")))
    assert left(invoice) == ("part_paid", Decimal(4))
    assert claims() == [("damaged", Decimal(4), "submitted")]
    assert RemittanceLine.objects.latest("pk").outcome == "deducted"


def test_a_booked_credit_pays_the_rest_and_a_rejected_claim_stays_due(cast: Cast, harbor: Account) -> None:
    paid, due = an_invoice(harbor, "I1", "20"), an_invoice(harbor, "I2", "20")
    pay(harbor, line("I1", "15"), line("I2", "15"))
    credited, rejected = Dispute.objects.order_by("number")
    for who in (cast.finance, cast.finance2):
        approve_dispute(
            dispute_id=credited.pk, amount=Decimal(5), root_cause=RootCause.PICKING, reason="right", user=who
        )
    memo = an_invoice(harbor, "C1", "5", kind="credit_memo", corrects=paid)
    book_memo(dispute_id=credited.pk, memo=memo)
    reject_dispute(dispute_id=rejected.pk, reason="delivered in full", user=cast.finance)
    assert (left(paid), left(due)) == (("paid", 0), ("part_paid", Decimal(5)))
    pay(harbor, line("I2", "5"))
    assert left(due) == ("paid", 0)


def test_a_credit_memo_is_taken_once_and_leaves_the_invoice_to_be_paid_in_full(harbor: Account) -> None:
    invoice = an_invoice(harbor, "I1", "20")
    an_invoice(harbor, "C1", "5", kind="credit_memo", corrects=invoice)
    pay(harbor, line("I1", "20"), line("C1", "-5", kind="invoice"))
    assert list(RemittanceLine.objects.values_list("outcome", "difference")) == [("paid", 0), ("credit_taken", 0)]
    assert left(invoice) == ("paid", 0)
    assert open_kinds() == []
    pay(harbor, line("C1", "-5", kind="credit_memo"))
    assert open_kinds() == ["remittance.overpaid"]
    assert RemittanceLine.objects.latest("pk").note == "This credit memo was taken before."


@pytest.mark.parametrize(
    ("terms", "kept", "state"), [("2% 10 Net 30", [], "paid"), ("Net 30", ["promotion"], "part_paid")]
)
def test_a_discount_counts_as_far_as_the_terms_give_it(
    harbor: Account, terms: str, kept: list[str], state: str
) -> None:
    invoice = an_invoice(harbor, "I1", "100", canonical={"terms": terms})
    pay(harbor, line("I1", "98", discount=Decimal(2)))
    assert [reason for reason, _, _ in claims()] == kept
    assert left(invoice)[0] == state


def test_a_late_discount_is_disputed(harbor: Account) -> None:
    import datetime as dt

    an_invoice(harbor, "I1", "100", canonical={"terms": "2% 5 Net 30"}, issued_on=dt.date(2026, 11, 1))
    pay(harbor, line("I1", "98", discount=Decimal(2)))
    assert claims() == [("promotion", Decimal(2), "submitted")]


def test_strangers_invoices_and_their_numbers_stay_untouched(cast: Cast, harbor: Account) -> None:
    summit = Account.objects.get(code="SUMMIT")
    theirs = an_invoice(summit, "I1", "20")
    pay(harbor, line("I1", "20"))
    assert (left(theirs), open_kinds()) == (("open", Decimal(20)), ["remittance.unknown_invoice"])
    recorded = pay(summit, line("I1", "20"), trace=Remittance.objects.get().trace)
    assert recorded.outcome == "recorded", "a trace is the payer's own"
    assert left(theirs) == ("paid", 0)
    assert RemittanceLine.objects.visible_to(cast.stranger).count() == 1


def test_another_currency_pays_nothing(harbor: Account) -> None:
    invoice = an_invoice(harbor, "I1", "20", currency="CAD")
    pay(harbor, line("I1", "20"))
    assert left(invoice) == ("open", Decimal(20))
    row = RemittanceLine.objects.get()
    assert (row.outcome, row.note) == ("unknown", "I1 is billed in CAD, paid is USD.")


def queries_of(harbor: Account, count: int, start: int) -> int:
    Invoice.objects.bulk_create(unsaved_invoice(harbor, f"H{start + n}", Decimal(10)) for n in range(count))
    lines = [line(f"H{start + n}", "10") for n in range(count)]
    with CaptureQueriesContext(
        connection,
    ) as ran:
        recorded = pay(harbor, *lines)
    assert recorded.remittance.lines.filter(outcome="paid").count() == count
    return len(ran)


def test_2000_lines_take_as_many_queries_as_50(harbor: Account) -> None:
    assert queries_of(harbor, 50, 0) == queries_of(harbor, 2000, 1000)
    assert open_kinds() == []


def test_parts_of_a_deduction_add_up_to_it() -> None:
    told = line("1", "0", ("-3", "01"), ("-9", "06"), ("2", "04")).adjustments
    assert shares(Decimal(5), told) == {"01": Decimal(3), "06": Decimal(2)}
    assert shares(Decimal(15), told) == {"01": Decimal(3), "06": Decimal(9), "": Decimal(3)}


@pytest.mark.django_db(transaction=True)
def test_twenty_takings_of_one_payment_are_one(cast: Cast) -> None:
    invoice = an_invoice(cast.harbor, "I1", "20")
    found = at_once(*[lambda: pay(cast.harbor, line("I1", "15"), trace="R1", key="edi:1")] * 20)
    assert sorted(one.outcome for one in found) == ["recorded", *["repeated"] * 19]
    assert (Remittance.objects.count(), RemittanceLine.objects.count(), len(claims())) == (1, 1, 1)
    assert left(invoice) == ("part_paid", Decimal(5))


@pytest.mark.django_db(transaction=True)
def test_two_payments_of_one_invoice_at_once_never_both_pay_it(cast: Cast) -> None:
    invoice = an_invoice(cast.harbor, "I1", "20")
    at_once(*[lambda: pay(cast.harbor, line("I1", "20"))] * 5)
    assert sorted(RemittanceLine.objects.values_list("outcome", flat=True)) == ["over"] * 4 + ["paid"]
    assert left(invoice) == ("overpaid", Decimal(-80))
    assert open_kinds() == ["remittance.overpaid"] * 4
