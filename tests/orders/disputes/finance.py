"""Finance and a dealer at one invoice: whatever they want of its disputes, and what must be true of the money then."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from distportal.common.errors import DomainError
from orders.choices import DisputeOutcome, DisputeReason, DisputeStatus, RootCause, WriteOffReason
from orders.models import Dispute, DisputeLine, ErpCommand, Invoice
from orders.process.dispute_booking import book_memo
from orders.process.dispute_deciding import approve_dispute, reject_dispute, send_back
from orders.process.dispute_reversal import agree_reversal, refuse_reversal, reverse_credit, take_back_decision
from orders.process.dispute_splitting import split_dispute
from orders.process.dispute_work import withdraw_dispute
from orders.process.disputes import Claim, open_dispute
from orders.queries.claims import claimable
from orders.queries.payments import balances_of
from tests.conftest import Cast
from tests.orders.money import an_invoice, unsaved_invoice

LIMIT = Decimal(40)
"""What a person may approve alone on one invoice."""
ZERO = Decimal(0)
UNDECIDED = ("submitted", "in_review")
WHEN: dict[str, tuple[str, ...]] = {
    "split": UNDECIDED,
    "approve": UNDECIDED,
    "write_off": UNDECIDED,
    "second": ("waiting_approval",),
    "send_back": ("waiting_approval",),
    "reject": (*UNDECIDED, "waiting_approval"),
    "withdraw": UNDECIDED,
    "take_back": ("approved", "rejected"),
    "book": ("approved",),
    "reverse": ("booked", "closed"),
    "agree": ("reversing",),
    "keep": ("reversing",),
    "debit": ("reversing",),
}
"""What can be wanted of a dispute, and where it has to stand for it; it may be refused for other reasons."""
ASKED = ("approved", "booked", "closed", "reversing", "reversed")
"""Where the ERP was asked for the credit."""


def cents(amount: Decimal, percent: int) -> Decimal:
    """So much of it, in whole cents, a cent at least."""
    return max((amount * percent / 100).quantize(Decimal("0.01")), Decimal("0.01"))


class Finance:
    """Does what it is told, where the process lets it; the ERP books what was asked of it, once."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.done, self.refused = cast, 0, 0
        self.invoice = an_invoice(cast.harbor, f"P-{uuid.uuid4().hex[:10]}", "100.00", "33.33", "0.01")

    def rows(self, *statuses: str) -> list[Dispute]:
        """The disputes of the invoice that stand there, in order."""
        return list(Dispute.objects.filter(invoice=self.invoice, status__in=statuses).order_by("number"))

    def act(self, name: str, row: Dispute, *amounts: Decimal) -> bool:
        """Whether it was done."""
        try:
            getattr(self, f"_{name}")(row, *amounts)
        except DomainError:
            self.refused += 1
            return False
        self.done += 1
        return True

    def open(self, percents: Sequence[int]) -> bool:
        """Whether a dispute is there of so many percent of each line; 0 leaves a line out."""
        claims = [
            Claim(invoice_line_id=line.pk, quantity=Decimal(1), amount=cents(line.amount, percent))
            for line, percent in zip(self.invoice.lines.all(), percents, strict=True)
            if percent
        ]
        try:
            open_dispute(
                token=uuid.uuid4(), account=self.cast.harbor, invoice_id=self.invoice.pk, reason=DisputeReason.PRICE,
                claims=claims, note="", user=self.cast.buyer,
            )  # fmt: skip
        except DomainError:
            self.refused += 1
            return False
        self.done += 1
        return True

    def _split(self, row: Dispute, *amounts: Decimal) -> None:
        parts = [*amounts, row.amount_claimed - sum(amounts, ZERO)]
        split_dispute(dispute_id=row.pk, amounts=parts, reason="parts", user=self.cast.finance)

    def _approve(self, row: Dispute, amount: Decimal) -> None:
        self._decide(row, amount, self.cast.finance)

    def _write_off(self, row: Dispute, amount: Decimal) -> None:
        reason = WriteOffReason.GOODWILL
        self._decide(row, amount, self.cast.finance, outcome=DisputeOutcome.WRITE_OFF, write_off_reason=reason)

    def _second(self, row: Dispute) -> None:
        self._decide(row, row.amount_approved, self.cast.finance2)

    def _decide(self, row: Dispute, amount: Decimal, user: Any, **more: Any) -> None:
        approve_dispute(
            dispute_id=row.pk, amount=amount, root_cause=RootCause.OTHER, reason="so", user=user, **more
        )  # fmt: skip

    def _send_back(self, row: Dispute) -> None:
        send_back(dispute_id=row.pk, reason="no", user=self.cast.finance2)

    def _reject(self, row: Dispute) -> None:
        reject_dispute(dispute_id=row.pk, reason="no", user=self.cast.finance)

    def _withdraw(self, row: Dispute) -> None:
        withdraw_dispute(dispute_id=row.pk, reason="paid")

    def _take_back(self, row: Dispute) -> None:
        take_back_decision(dispute_id=row.pk, reason="wrong", user=self.cast.finance)

    def _reverse(self, row: Dispute) -> None:
        reverse_credit(dispute_id=row.pk, reason="wrong", user=self.cast.finance)

    def _agree(self, row: Dispute) -> None:
        agree_reversal(dispute_id=row.pk, reason="yes", user=self.cast.finance2)

    def _keep(self, row: Dispute) -> None:
        refuse_reversal(dispute_id=row.pk, reason="no", user=self.cast.finance2)

    def _book(self, row: Dispute) -> None:
        self._post(row, "credit_request", "credit_memo")

    def _debit(self, row: Dispute) -> None:
        self._post(row, "debit_request", "invoice")

    def _post(self, row: Dispute, asked: str, kind: str) -> None:
        command = ErpCommand.objects.filter(dispute=row, kind=asked, state="pending").first()
        if command is None:
            return
        corrects = self.invoice if kind == "credit_memo" else None
        number, total = f"M-{uuid.uuid4().hex[:10]}", asked_of(command)
        memo = unsaved_invoice(self.cast.harbor, number, total, kind=kind, corrects=corrects)
        memo.save()
        book_memo(dispute_id=row.pk, memo=memo)
        ErpCommand.objects.filter(pk=command.pk).update(state="sending")
        ErpCommand.objects.filter(pk=command.pk).update(state="confirmed", erp_number=memo.number)

    def check(self) -> None:
        """What is claimed, asked of the ERP and approved is right, whatever was done."""
        rows = list(
            Dispute.objects.filter(invoice=self.invoice)
            .select_related("credit_memo", "debit_memo")
            .prefetch_related("lines", "parts")
        )
        self._check_claims(rows)
        self._check_requests(rows)
        self._check_two_persons(rows)

    def check_what_is_owed(self) -> None:
        """What was credited and taken back comes to nothing."""
        rows = Dispute.objects.filter(invoice=self.invoice, credit_memo__isnull=False).select_related("credit_memo")
        credited = sum((row.credit_memo.total for row in rows if row.credit_memo and not row.debit_memo_id), ZERO)
        assert credited <= self.invoice.total
        documents = [self.invoice, *Invoice.objects.filter(pk__in=[r.debit_memo_id for r in rows if r.debit_memo_id])]
        owed = sum((balance.open for balance in balances_of(documents).values()), ZERO)
        assert owed == self.invoice.total - credited

    def _check_claims(self, rows: Sequence[Dispute]) -> None:
        """Split and claimed to the cent, and no line by all its living disputes for more than it was billed."""
        for row in rows:
            assert sum(line.amount for line in row.lines.all()) == row.amount_claimed
            assert ZERO <= row.amount_approved <= row.amount_claimed
            if row.status == DisputeStatus.SPLIT:
                assert sum(part.amount_claimed for part in row.parts.all()) == row.amount_claimed
                by_line: dict[int, Decimal] = defaultdict(Decimal)
                for line in DisputeLine.objects.filter(dispute__parent=row):
                    by_line[line.invoice_line_id] += line.amount
                assert by_line == {line.invoice_line_id: line.amount for line in row.lines.all()}
        living = DisputeLine.objects.filter(
            dispute__in=[row.pk for row in rows if row.status not in DisputeStatus.FREE]
        )
        taken = dict(living.values_list("invoice_line").annotate(sum=Sum("amount")))
        left = {line.pk: line.amount - taken.get(line.pk, ZERO) for line in self.invoice.lines.all()}
        assert min(left.values()) >= 0, "no line is claimed for more than it was billed"
        assert claimable(self.invoice) == left

    def _check_requests(self, rows: Sequence[Dispute]) -> None:
        """The ERP is asked for each credit and for taking it back once, and for exactly that amount."""
        live: dict[tuple[object, str], list[Decimal]] = defaultdict(list)
        for command in ErpCommand.objects.filter(dispute__in=[row.pk for row in rows]).exclude(state="rejected"):
            live[command.dispute_id, command.kind].append(asked_of(command))
        for row in rows:
            asked = [row.amount_approved] if row.status in ASKED else []
            assert live[row.pk, "credit_request"] == asked, f"{row} is {row.status}"
            back = row.status == "reversed" or (row.status == "reversing" and row.reversal_agreed_by_id is not None)
            assert live[row.pk, "debit_request"] == (asked if back else []), f"{row} is {row.status}"
            if row.status in ("booked", "closed", "reversing", "reversed"):
                assert row.credit_memo is not None
                assert row.credit_memo.total == row.amount_approved
            assert (row.debit_memo is not None) == (row.status == "reversed")
            if row.debit_memo is not None:
                assert row.debit_memo.total == row.amount_approved

    def _check_two_persons(self, rows: Sequence[Dispute]) -> None:
        """Nobody approves more than the limit alone, however it is split."""
        alone: dict[object, Decimal] = defaultdict(Decimal)
        for row in rows:
            if row.status in ("approved", "booked", "closed") and row.approved_by_id == row.decided_by_id:
                alone[row.approved_by_id] += row.amount_approved
        assert all(amount <= LIMIT for amount in alone.values()), alone


def asked_of(command: ErpCommand) -> Decimal:
    """What the ERP was asked for in all."""
    return sum((Decimal(line["unit_price"]) * Decimal(line["quantity"]) for line in command.draft["lines"]), ZERO)
