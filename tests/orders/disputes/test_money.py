"""Whatever finance does with disputes of an invoice, in whatever order: the money adds up."""

from __future__ import annotations

import uuid
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distportal.common.errors import DomainError
from orders.choices import DisputeReason, DisputeStatus, RootCause
from orders.models import ApprovalLimit, Dispute, DisputeLine, ErpCommand, Invoice
from orders.process.dispute_booking import book_memo
from orders.process.dispute_deciding import approve_dispute, reject_dispute, send_back
from orders.process.dispute_reversal import agree_reversal, refuse_reversal, reverse_credit, take_back_decision
from orders.process.dispute_splitting import split_dispute
from orders.process.dispute_work import withdraw_dispute
from orders.process.disputes import Claim, open_dispute
from orders.process.spreading import spread
from orders.queries.claims import claimable
from orders.queries.payments import balances_of
from tests.conftest import Cast
from tests.orders.money import an_invoice, unsaved_invoice

pytestmark = pytest.mark.django_db
CENTS = st.integers(1, 20000).map(lambda cents: Decimal(cents) / 100)
ACTS = st.tuples(
    st.sampled_from(
        ["open", "split", "approve", "approve", "second", "send_back", "reject", "withdraw", "take_back", "book",
         "book", "reverse", "agree", "keep", "debit"]
    ),
    st.integers(0, 5), CENTS, CENTS,
)  # fmt: skip


class Finance:
    """Does what it is told, where the process lets it; the ERP books what was asked of it, once."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.done, self.refused = cast, 0, 0
        self.invoice = an_invoice(cast.harbor, f"P-{uuid.uuid4().hex[:10]}", "100.00", "33.33", "0.01")

    def act(self, name: str, at: int, first: Decimal, second: Decimal) -> None:
        rows = list(Dispute.objects.filter(invoice=self.invoice).order_by("number"))
        if name != "open" and not rows:
            return
        try:
            getattr(self, f"_{name}")(rows[at % len(rows)] if rows else None, first, second)
            self.done += 1
        except DomainError:
            self.refused += 1

    def _open(self, _: object, first: Decimal, second: Decimal) -> None:
        lines = self.invoice.lines.all()
        claims = [
            Claim(invoice_line_id=line.pk, quantity=Decimal(1), amount=amount)
            for line, amount in zip(lines, (first, second, Decimal("0.01")), strict=True)
        ]
        open_dispute(
            token=uuid.uuid4(), account=self.cast.harbor, invoice_id=self.invoice.pk, reason=DisputeReason.PRICE,
            claims=claims[: 1 + int(second * 100) % 3], note="", user=self.cast.buyer,
        )  # fmt: skip

    def _split(self, row: Dispute, first: Decimal, _: Decimal) -> None:
        parts = [first, row.amount_claimed - first]
        split_dispute(dispute_id=row.pk, amounts=parts, reason="parts", user=self.cast.finance)

    def _approve(self, row: Dispute, first: Decimal, _: Decimal) -> None:
        self._decide(row, min(first, row.amount_claimed), self.cast.finance)

    def _second(self, row: Dispute, *_: Decimal) -> None:
        self._decide(row, row.amount_approved, self.cast.finance2)

    def _decide(self, row: Dispute, amount: Decimal, user: Any) -> None:
        approve_dispute(dispute_id=row.pk, amount=amount, root_cause=RootCause.OTHER, reason="so", user=user)

    def _send_back(self, row: Dispute, *_: Decimal) -> None:
        send_back(dispute_id=row.pk, reason="no", user=self.cast.finance2)

    def _reject(self, row: Dispute, *_: Decimal) -> None:
        reject_dispute(dispute_id=row.pk, reason="no", user=self.cast.finance)

    def _withdraw(self, row: Dispute, *_: Decimal) -> None:
        withdraw_dispute(dispute_id=row.pk, reason="paid")

    def _take_back(self, row: Dispute, *_: Decimal) -> None:
        take_back_decision(dispute_id=row.pk, reason="wrong", user=self.cast.finance)

    def _reverse(self, row: Dispute, *_: Decimal) -> None:
        reverse_credit(dispute_id=row.pk, reason="wrong", user=self.cast.finance)

    def _agree(self, row: Dispute, *_: Decimal) -> None:
        agree_reversal(dispute_id=row.pk, reason="yes", user=self.cast.finance2)

    def _keep(self, row: Dispute, *_: Decimal) -> None:
        refuse_reversal(dispute_id=row.pk, reason="no", user=self.cast.finance2)

    def _book(self, row: Dispute, *_: Decimal) -> None:
        self._post(row, "credit_request", "credit_memo")

    def _debit(self, row: Dispute, *_: Decimal) -> None:
        self._post(row, "debit_request", "invoice")

    def _post(self, row: Dispute, asked: str, kind: str) -> None:
        command = ErpCommand.objects.filter(dispute=row, kind=asked, state="pending").first()
        if command is None:
            return
        total = sum((Decimal(line["unit_price"]) for line in command.draft["lines"]), Decimal(0))
        corrects = self.invoice if kind == "credit_memo" else None
        memo = unsaved_invoice(self.cast.harbor, f"M-{uuid.uuid4().hex[:10]}", total, kind=kind, corrects=corrects)
        memo.save()
        book_memo(dispute_id=row.pk, memo=memo)
        ErpCommand.objects.filter(pk=command.pk).update(state="sending")
        ErpCommand.objects.filter(pk=command.pk).update(state="confirmed", erp_number=memo.number)

    def check(self) -> None:
        rows = list(Dispute.objects.filter(invoice=self.invoice).prefetch_related("lines", "parts__lines"))
        for row in rows:
            assert sum(line.amount for line in row.lines.all()) == row.amount_claimed
            if row.status == DisputeStatus.SPLIT:
                assert sum(part.amount_claimed for part in row.parts.all()) == row.amount_claimed
                by_line: dict[int, Decimal] = defaultdict(Decimal)
                for line in DisputeLine.objects.filter(dispute__parent=row):
                    by_line[line.invoice_line_id] += line.amount
                assert by_line == {line.invoice_line_id: line.amount for line in row.lines.all()}
            if row.status in ("booked", "closed", "reversing"):
                assert row.credit_memo is not None
                assert row.credit_memo.total == row.amount_approved
            if row.status == "reversed":
                assert row.credit_memo is not None
                assert row.debit_memo is not None
                assert row.credit_memo.total - row.debit_memo.total == 0
        assert min(claimable(self.invoice).values()) >= 0, "no line is claimed for more than it was billed"
        credited = sum((row.credit_memo.total for row in rows if row.credit_memo and not row.debit_memo), Decimal(0))
        assert credited <= self.invoice.total
        documents = [self.invoice, *Invoice.objects.filter(pk__in=[r.debit_memo_id for r in rows if r.debit_memo_id])]
        owed = sum((balance.open for balance in balances_of(documents).values()), Decimal(0))
        assert owed == self.invoice.total - credited, "what was credited and taken back comes to nothing"


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=10, max_size=24))
def test_whatever_is_done_the_money_adds_up(cast: Cast, acts: list[tuple[str, int, Decimal, Decimal]]) -> None:
    ApprovalLimit.objects.get_or_create(user=None, reason="", defaults={"limit": Decimal(40)})
    finance = Finance(cast)
    for act in acts:
        finance.act(*act)
    finance.check()


@given(amount=CENTS, room=st.lists(CENTS, min_size=1, max_size=12))
def test_a_spread_amount_is_exact_and_fits(amount: Decimal, room: list[Decimal]) -> None:
    parts = spread(amount, room)
    assert sum(parts) == min(amount, sum(room, Decimal(0)))
    assert all(Decimal(0) <= part <= most for part, most in zip(parts, room, strict=True))


def test_a_credit_is_booked_taken_back_by_a_second_person_and_its_line_can_be_claimed_again(cast: Cast) -> None:
    ApprovalLimit.objects.create(limit=Decimal(40))
    finance = Finance(cast)
    for name in ("open", "approve", "second", "book", "reverse"):
        finance.act(name, 0, Decimal(80), Decimal("0.03"))
    row = Dispute.objects.get(invoice=finance.invoice)
    assert (row.status, row.reversal_agreed_by, finance.refused) == ("reversing", None, 0)
    assert not ErpCommand.objects.filter(kind="debit_request").exists(), "80 are above the limit of who asked"
    with pytest.raises(DomainError, match="a second person"):
        agree_reversal(dispute_id=row.pk, reason="me too", user=cast.finance)
    finance.act("agree", 0, Decimal(1), Decimal(1))
    assert ErpCommand.objects.get(kind="debit_request").draft["invoice_number"] == row.credit_memo.number  # type: ignore[union-attr]
    finance.act("debit", 0, Decimal(1), Decimal(1))
    row.refresh_from_db()
    finance.check()
    assert row.status == "reversed"
    assert claimable(finance.invoice)[finance.invoice.lines.get(position=1).pk] == Decimal(100)
